using System.CommandLine;
using Cli.Plans;
using Cli.Terminal;

namespace Cli.Commands;

/// <summary><c>fork</c>: a changed plan that goes on from another run's checkpoints.</summary>
internal static class ForkCommand
{
    public static Command Of(Session session)
    {
        var run = session.Run();
        Argument<string> plan = new("plan") { Description = "The changed plan's file." };
        var stage = CommonOptions.Number("--stage", "The stage whose checkpoint the arms go on from, the first is 0. Default: each arm's newest.", 0, 1000);
        var updates = CommonOptions.Number("--updates", "The checkpoint's updates. Default: the stage's newest.", 0, int.MaxValue);
        Option<string?> key = new("--key") { Description = "Makes the submission repeatable: the same key and plan give the same run.", HelpName = "text" };
        CliCommand command = new(
            "fork", "Go on from the checkpoints of a run under a changed plan, as a run of its own.",
            "fork quick-1a2b3c-1 longer.json", "fork quick-1a2b3c-1 longer.json --stage 0 --updates 40")
        {
            run, plan, stage, updates, key, CommonOptions.Url, CommonOptions.Json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var screen = session.Screen(parsed);
            var file = PlanFile.Read(parsed.GetRequiredValue(plan));
            using var runs = await session.ConnectAsync(parsed, screen, cancellationToken);
            var accepted = await runs.ForkAsync(
                parsed.GetRequiredValue(run), file.Content, parsed.GetValue(stage), parsed.GetValue(updates), parsed.GetValue(key), cancellationToken);
            SubmitCommand.Tell(screen, accepted, watched: false);
            return Exit.Done;
        });
        return command;
    }
}
