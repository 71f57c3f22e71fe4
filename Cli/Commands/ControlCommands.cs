using System.CommandLine;
using System.Text.Json;
using Cli.Hosts;
using Cli.Terminal;
using Curriculum.Api;

namespace Cli.Commands;

/// <summary><c>pause</c>, <c>resume</c>, <c>cancel</c>, <c>retry</c> and <c>purge</c>.</summary>
internal static class ControlCommands
{
    public static IEnumerable<Command> Of(Session session)
    {
        yield return Make(
            session, "pause", "Pause a run at its next heartbeat; workers give back what they hold.", question: null,
            (runs, run, token) => runs.AskAsync(run, "pause", token), run => $"Run {run} pauses. 'resume {run}' lets it go on.");
        yield return Make(
            session, "resume", "Let a paused run go on.", question: null,
            (runs, run, token) => runs.AskAsync(run, "resume", token), run => $"Run {run} goes on.");
        yield return Make(
            session, "cancel", "Cancel a run: it stops at its next heartbeat and concludes with what it has. This cannot be taken back.",
            run => $"Cancel run {run}? It concludes with what it has, and this cannot be taken back.",
            (runs, run, token) => runs.CancelAsync(run, token), run => $"Run {run} stops and concludes with what it has.");
        yield return Make(
            session, "purge", "Delete all data of a run that has ended, its verdict included. This cannot be taken back.",
            run => $"Delete all data of run {run}, its verdict included?",
            (runs, run, token) => runs.AskAsync(run, "purge", token), run => $"Run {run} is being deleted; 'status {run}' says how far that is, until there is none.");
        yield return Retry(session);
    }

    private static CliCommand Retry(Session session)
    {
        var run = session.Run();
        CliCommand command = new("retry", "Do again what failed, each arm from its last checkpoint, as a run of its own.", "retry quick-1a2b3c-1")
        {
            run, CommonOptions.Url, CommonOptions.Json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var screen = session.Screen(parsed);
            using var runs = await session.ConnectAsync(parsed, screen, cancellationToken);
            SubmitCommand.Tell(screen, await runs.RetryAsync(parsed.GetRequiredValue(run), cancellationToken), watched: false);
            return Exit.Done;
        });
        return command;
    }

    private static CliCommand Make(
        Session session, string name, string description, Func<string, string>? question, Func<RunsClient, string, CancellationToken, Task> act, Func<string, string> done)
    {
        var run = session.Run();
        CliCommand command = new(name, description, question is null ? $"{name} quick-1a2b3c-1" : $"{name} quick-1a2b3c-1 --yes") { run, CommonOptions.Url, CommonOptions.Json };
        if (question is not null)
            command.Options.Add(CommonOptions.Yes);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var screen = session.Screen(parsed);
            var id = parsed.GetRequiredValue(run);
            using var runs = await session.ConnectAsync(parsed, screen, cancellationToken);
            if (question is not null && !parsed.GetValue(CommonOptions.Yes))
            {
                if (!screen.CanAsk)
                    throw CommandException.Refused($"Expected --yes, since nobody can be asked here: {question(id)}");
                if (!await screen.ConfirmAsync(question(id), cancellationToken))
                    return Exit.Failed;
            }

            await act(runs, id, cancellationToken);
            if (screen.IsJson && name != "purge")
                screen.Answer(JsonSerializer.Serialize(await runs.StatusAsync(id, cancellationToken), ApiJson.Default.RunStatus));
            else
                screen.Say(done(id));
            return Exit.Done;
        });
        return command;
    }
}
