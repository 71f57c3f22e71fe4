using System.CommandLine;
using Cli.Local;
using Cli.Terminal;
using Cli.Watching;

namespace Cli.Commands;

/// <summary><c>watch</c>: a run until it ends, then what it came to.</summary>
internal static class WatchCommand
{
    public static Command Of(Session session)
    {
        var run = session.Run();
        CliCommand command = new(
            "watch", "Watch a run until it ends, and show its verdict; Ctrl-C ends the watching, not the run.",
            "watch quick-1a2b3c-1", "watch nightly-20261123t0200z --url https://my-app.azurewebsites.net")
        {
            run, CommonOptions.Url, CommonOptions.Json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var screen = session.Screen(parsed);
            using var runs = await session.ConnectAsync(parsed, screen, cancellationToken);
            return await FollowAsync(session, screen, runs, parsed.GetRequiredValue(run), cancellationToken);
        });
        return command;
    }

    public static async Task<int> FollowAsync(Session session, Screen screen, Hosts.RunsClient runs, string run, CancellationToken cancellationToken)
    {
        try
        {
            var status = await new Watch(runs, screen, session.Clock, () => []).UntilEndAsync(run, cancellationToken);
            return (await new Conclusion(screen, session.Checkout).ShowAsync(runs, status, cancellationToken)).ExitCode;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            throw new CommandException(Exit.Interrupted, $"No longer watched. Run {run} goes on where it is: watch {run}");
        }
    }
}
