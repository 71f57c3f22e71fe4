using System.Globalization;
using System.Text.Json.Nodes;
using Cli.Terminal;
using Curriculum.Texts;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Cli.Views;

/// <summary>Trajectories as a table, and one with its completions side by side.</summary>
internal static class TrajectoryView
{
    private const int ShownCharacters = 60;

    public static IEnumerable<IRenderable> List(JsonNode list)
    {
        if (list["trajectories"]!.AsArray() is not { Count: > 0 } trajectories)
        {
            yield return new Markup("There are no such trajectories.\n");
            yield break;
        }

        var table = new Table().RoundedBorder().AddColumns("key", "arm", "of", "problem", "reward", "right", "wrote");
        foreach (var entry in trajectories.Select(entry => entry!))
        {
            table.AddRow(
                Safe(entry["key"]), SafeMarkup.Of($"{entry["arm"]}/{entry["seed"]}"), SafeMarkup.Of(Place(entry)), Safe(entry["problem"]),
                entry["rewards"] is JsonArray { Count: > 0 } rewards ? Number(rewards.Average(reward => (double)reward!)) : "-",
                (bool?)entry["correct"] switch { true => "[green]yes[/]", false => "[red]no[/]", _ => "-" } + (entry["pattern"] is { } pattern ? $" ({SafeMarkup.Of((string)pattern!)})" : ""),
                SafeMarkup.Of(Short((string?)entry["text"] ?? "")));
        }

        yield return table;
    }

    public static IEnumerable<IRenderable> Detail(JsonNode detail)
    {
        var entry = detail["entry"]!;
        yield return new Markup($"[bold]{SafeMarkup.Of($"{entry["arm"]}/{entry["seed"]}  {Place(entry)}  {entry["problem"]}")}[/]\n{SafeMarkup.Of((string?)entry["question"] ?? "")}\n");
        var number = 0;
        foreach (var completion in detail["completions"]!.AsArray().Select(completion => completion!))
        {
            var judged = string.Join("  ", Judged(completion));
            yield return new Markup($"\n[bold]{SafeMarkup.Of(FormattableString.Invariant($"{++number}  {judged}"))}[/]\n");
            yield return new Padder(new Text(VisibleText.Of((string?)completion["text"] ?? "")), new(4, 0, 0, 0));
        }
    }

    private static IEnumerable<string> Judged(JsonNode completion)
    {
        if (completion["reward"] is { } reward)
            yield return $"reward {Number((double)reward)}";
        if (completion["advantage"] is { } advantage)
            yield return $"advantage {Number((double)advantage)}";
        if (completion["verifier"] is { } verifier)
            yield return (bool)verifier["correct"]! ? "right" : $"not right: {verifier["reason"]}";
    }

    private static string Place(JsonNode entry) => entry["benchmark"] is { } benchmark
        ? (string)benchmark!
        : $"{entry["source"]}, stage {entry["stage"]}, iteration {entry["iteration"]}";

    private static string Short(string text) => text.ReplaceLineEndings(" ") is var line && line.Length <= ShownCharacters ? line : $"{line[..ShownCharacters]}…";

    private static string Safe(JsonNode? text) => SafeMarkup.Of((string?)text ?? "");

    private static string Number(double number) => number.ToString("0.00", CultureInfo.InvariantCulture);
}
