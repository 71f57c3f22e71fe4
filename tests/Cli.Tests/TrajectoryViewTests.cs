using System.Text.Json.Nodes;
using Cli.Views;
using Spectre.Console;

namespace Cli.Tests;

[Trait("Speed", "fast")]
public sealed class TrajectoryViewTests
{
    private const string Entry = """
        { "key": "b.fresh.0", "source": "benchmark", "arm": "srl-rlvr", "seed": 1, "benchmark": "fresh", "problem": "two-dials/7", "question": "Turn [red]it.",
          "text": "#3\u001b[2J", "correct": true, "samples": 4, "samplesCorrect": 3, "pattern": "won" }
        """;

    [Fact]
    public void A_list_has_a_line_for_each_with_what_it_was_worth()
    {
        var group = """{ "key": "r.0", "source": "rollout", "arm": "rlvr", "seed": 2, "stage": 0, "iteration": 3, "problem": "two-dials/8", "text": "#4", "rewards": [1, 0, 0, 1] }""";
        var shown = Shown(TrajectoryView.List(JsonNode.Parse($$"""{ "trajectories": [{{Entry}}, {{group}}] }""")!));
        Assert.Matches(@"b\.fresh\.0 .*srl-rlvr/1 .*fresh .*two-dials/7 .*yes \(won\) .*#3⟨U\+001B⟩\[2J", shown);
        Assert.Matches(@"r\.0 .*rlvr/2 .*rollout, stage 0, iteration 3 .*two-dials/8 .*0\.50 .*#4", shown);
        Assert.Contains("no such trajectories", Shown(TrajectoryView.List(JsonNode.Parse("""{ "trajectories": [] }""")!)), StringComparison.Ordinal);
    }

    [Fact]
    public void One_is_shown_with_its_problem_and_why_each_completion_was_refused()
    {
        var shown = Shown(TrajectoryView.Detail(JsonNode.Parse($$"""
            { "entry": {{Entry}}, "others": [], "completions": [
              { "text": "#3", "steps": [], "reward": 1, "advantage": 1.7, "verifier": { "correct": true, "stepsValid": true, "answer": "3" } },
              { "text": "#9", "steps": [], "reward": 0, "verifier": { "correct": false, "stepsValid": false, "answer": "9", "reason": "9 is not 3" } }] }
            """)!));
        Assert.Contains("Turn [red]it.", shown, StringComparison.Ordinal);
        Assert.Contains("1  reward 1.00  advantage 1.70  right", shown, StringComparison.Ordinal);
        Assert.Contains("2  reward 0.00  not right: 9 is not 3", shown, StringComparison.Ordinal);
    }

    private static string Shown(IEnumerable<Spectre.Console.Rendering.IRenderable> parts)
    {
        using var text = new StringWriter();
        var console = AnsiConsole.Create(new() { Ansi = AnsiSupport.No, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = 200;
        foreach (var part in parts)
            console.Write(part);
        return text.ToString();
    }
}
