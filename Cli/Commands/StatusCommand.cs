using System.CommandLine;
using System.Text.Json;
using Cli.Terminal;
using Cli.Views;
using Curriculum.Api;

namespace Cli.Commands;

/// <summary><c>status</c>: where a run stands, arm by arm, once.</summary>
internal static class StatusCommand
{
    public static Command Of(Session session)
    {
        var run = session.Run();
        CliCommand command = new("status", "Show where a run stands, arm by arm, with what went wrong on the way.", "status quick-1a2b3c-1", "status quick-1a2b3c-1 --json")
        {
            run, CommonOptions.Url, CommonOptions.Json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var screen = session.Screen(parsed);
            using var runs = await session.ConnectAsync(parsed, screen, cancellationToken);
            var status = await runs.StatusAsync(parsed.GetRequiredValue(run), cancellationToken);
            if (screen.IsJson)
            {
                screen.Answer(JsonSerializer.Serialize(status, ApiJson.Default.RunStatus));
                return Exit.Done;
            }

            screen.Show(RunView.Summary(status, session.Clock.GetUtcNow() - status.SubmittedAt));
            screen.Show(RunView.Arms(status));
            foreach (var remark in RunView.Remarks(status))
                screen.Show(remark);
            return Exit.Done;
        });
        return command;
    }
}
