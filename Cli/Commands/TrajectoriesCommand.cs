using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
using Cli.Terminal;
using Cli.Views;

namespace Cli.Commands;

/// <summary><c>trajectories</c>: what the policies wrote.</summary>
internal static class TrajectoriesCommand
{
    public static Command Of(Session session)
    {
        var run = session.Run();
        Option<string?> key = new("--key") { Description = "One trajectory with all its completions, by the key that the list shows.", HelpName = "key" };
        var limit = CommonOptions.Number("--limit", "How many. Default: 20.", 1, 200);
        // Each is a parameter of the API by the same name; the host says what is wrong with a value.
        Option<string?>[] filters =
        [
            Filter("--source", "rollout, validation or benchmark.", "source"),
            Filter("--arm", "An arm's name.", "arm"),
            Filter("--seed", "A seed; 0 for an arm that does not train.", "number"),
            Filter("--stage", "A stage; the first is 0.", "number"),
            Filter("--iteration", "An iteration; -1 is a stage's start.", "number"),
            Filter("--benchmark", "A benchmark's name.", "name"),
            Filter("--problem", "A problem's id.", "id"),
            Filter("--correct", "Whether the answer is to be right.", "true|false"),
            Filter("--min-reward", "The least mean reward of a group.", "number"),
            Filter("--max-reward", "The greatest mean reward of a group.", "number"),
            Filter("--guard", "A guard that fired at the iteration, such as length-collapse.", "guard"),
            Filter("--against", "The arm that answers to benchmarks are held against.", "arm"),
            Filter("--pattern", "Beside --against: won, lost, both or neither.", "pattern"),
            Filter("--after", "Go on where a page ended: what it gave as next.", "next"),
        ];
        CliCommand command = new(
            "trajectories", "Show what the policies wrote: some groups of each iteration, all answers to validation sets and benchmarks.",
            "trajectories quick-1a2b3c-1 --arm rlvr --iteration 3", "trajectories quick-1a2b3c-1 --arm srl-rlvr --against srl --pattern won",
            "trajectories quick-1a2b3c-1 --source rollout --limit 200 --json")
        {
            run, key, limit, CommonOptions.Url, CommonOptions.Json,
        };
        foreach (var filter in filters)
            command.Options.Add(filter);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var screen = session.Screen(parsed);
            using var runs = await session.ConnectAsync(parsed, screen, cancellationToken);
            var (id, one) = (parsed.GetRequiredValue(run), parsed.GetValue(key));
            var answer = one is not null
                ? await runs.TrajectoryAsync(id, one, cancellationToken)
                : await runs.TrajectoriesAsync(
                    id, [("limit", FormattableString.Invariant($"{parsed.GetValue(limit) ?? 20}")), .. filters.Select(filter => (Parameter(filter.Name), parsed.GetValue(filter)))], cancellationToken);
            if (screen.IsJson)
            {
                screen.Answer(Encoding.UTF8.GetString(answer));
                return Exit.Done;
            }

            var content = JsonNode.Parse(answer)!;
            foreach (var part in one is not null ? TrajectoryView.Detail(content) : TrajectoryView.List(content))
                screen.Show(part);
            if ((string?)content["next"] is { } next)
                screen.Say($"There are more: --after {next}");
            return Exit.Done;
        });
        return command;
    }

    private static Option<string?> Filter(string name, string description, string value) => new(name) { Description = description, HelpName = value };

    private static string Parameter(string option) => option switch
    {
        "--min-reward" => "minReward",
        "--max-reward" => "maxReward",
        _ => option[2..],
    };
}
