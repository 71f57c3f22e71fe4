using System.CommandLine;
using Cli.Local;
using Cli.Terminal;

namespace Cli.Commands;

/// <summary><c>start</c>: the host and its workers on this machine, for the other commands, until Ctrl-C.</summary>
internal static class StartCommand
{
    public static Command Of(Session session)
    {
        LocalFlags local = new(leastWorkers: 0);
        CliCommand command = new(
            "start", "Start the storage, the host and the workers on this machine, and leave them running until Ctrl-C.",
            "start", "start --workers 1 --configuration Debug", "start --workers 0");
        local.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var screen = session.Screen(parsed);
            return await new LocalHosting(screen, session.Checkout).WithAsync(
                local.Read(parsed),
                processes => screen.StepAsync("Uploading the shipped models", () => InputUpload.ModelsAsync(processes.DataStorage, session.Checkout, cancellationToken)),
                async (processes, host) =>
                {
                    screen.Say($"The host listens at {host.Url}. Other commands in this checkout find it and its key; Ctrl-C stops it.");
                    foreach (var (name, id) in processes.Running())
                        screen.Say(FormattableString.Invariant($"  {name,-12}process {id}"));
                    await LocalRun.StayAsync(screen, processes, session.Clock, cancellationToken);
                    return Exit.Done;
                },
                cancellationToken);
        });
        return command;
    }
}
