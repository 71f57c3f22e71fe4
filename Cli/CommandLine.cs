using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;
using System.Runtime.InteropServices;
using Cli.Commands;
using Cli.Plans;
using Cli.Terminal;

namespace Cli;

/// <summary>The command line of the project.</summary>
internal static class CommandLine
{
    // How long after a fault the signal may still come that is its cause: Ctrl-C reaches the children of this process first, at times.
    private static readonly TimeSpan SignalDelay = TimeSpan.FromMilliseconds(300);

    /// <summary>Does what the arguments say.</summary>
    /// <param name="args">Without the program's name.</param>
    /// <param name="root">The checkout.</param>
    /// <param name="program">How a person starts this program, for its help.</param>
    public static async Task<int> RunAsync(string[] args, string root, string program)
    {
        using var interrupted = new CancellationTokenSource();
        using var ctrlC = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Interrupt(signal, interrupted));
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Interrupt(signal, interrupted));
        return await RunAsync(args, new Session(new(root), TimeProvider.System, Console.Out, Console.Error), program, interrupted.Token);
    }

    /// <summary>The same for a session that is given.</summary>
    public static async Task<int> RunAsync(string[] args, Session session, string program, CancellationToken interrupted)
    {
        var commands = Commands(session, program);
        // With words after it: help on these.
        var parsed = commands.Parse(args is ["help", .. var about] ? [.. about, "--help"] : args);
        var faults = new Screen(session.Output, session.Error, json: true);
        var configuration = new InvocationConfiguration { Output = session.Output, Error = session.Error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null };
        // The library takes an option that it does not know for the next argument.
        List<string> unknown =
        [
            .. parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(result => result.Tokens).Select(token => token.Value).Where(value => value.StartsWith('-')),
        ];
        if (unknown.Count > 0 || parsed.Action is ParseErrorAction)
        {
            foreach (var line in unknown.Count > 0 ? unknown.Select(option => $"Unrecognized option '{option}'.") : await FaultsAsync(parsed, (ParseErrorAction)parsed.Action!))
                faults.Fail(line);
            if (args.Length > 0 && args[0].EndsWith(".json", StringComparison.Ordinal))
                faults.Note($"To run a plan: {program} run {args[0]}");
            faults.Note($"{program} {string.Join(' ', Path(parsed.CommandResult.Command).Append("--help"))} says what there is.");
            return Exit.Refused;
        }

        try
        {
            return await parsed.InvokeAsync(configuration, interrupted);
        }
        catch (CommandException fault)
        {
            if (fault.ExitCode != Exit.Interrupted && await IsInterruptedAsync(interrupted))
                return Stopped(faults);
            if (fault.ExitCode == Exit.Interrupted)
                faults.Note(fault.Message);
            else
                faults.Fail(fault.Message);
            return fault.ExitCode;
        }
        catch (OperationCanceledException) when (interrupted.IsCancellationRequested)
        {
            return Stopped(faults);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or ArgumentException or InvalidOperationException or Azure.RequestFailedException or AggregateException)
        {
            if (await IsInterruptedAsync(interrupted))
                return Stopped(faults);
            faults.Fail(fault.Message);
            return fault is IOException or UnauthorizedAccessException or ArgumentException ? Exit.Refused : Exit.Failed;
        }
    }

    // The library's own words, without the one that only says that another is wrong.
    private static async Task<IReadOnlyList<string>> FaultsAsync(ParseResult parsed, ParseErrorAction wrong)
    {
        (wrong.ShowHelp, wrong.ShowTypoCorrections) = (false, true);
        using var text = new StringWriter();
        await parsed.InvokeAsync(new() { Output = text, Error = text });
        var lines = text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return lines.Length == 1 ? lines : [.. lines.Where(line => line != "Required command was not provided.")];
    }

    internal static RootCommand Commands(Session session, string program)
    {
        RootCommand root = new("Runs that compare training recipes under one budget, from submission to verdict.")
        {
            RunCommand.Of(session), NewCommand.Of(session, program), PlanCommands.Check(session), PlanCommands.Priced(session),
            StartCommand.Of(session), SubmitCommand.Of(session), ListCommand.Of(session), StatusCommand.Of(session), WatchCommand.Of(session),
            VerdictCommand.Of(session), CompareCommand.Of(session), TrajectoriesCommand.Of(session), MetricsCommand.Of(session), ForkCommand.Of(session), ScheduleCommand.Of(session),
            DataCommand.Of(session), ModelCommand.Of(session), FindingsCommands.Findings(session), FindingsCommands.Results(session), CompletionCommand.Of(session),
        };
        foreach (var command in ControlCommands.Of(session))
            root.Subcommands.Add(command);
        var help = root.Options.OfType<HelpOption>().Single();
        help.Action = new HelpWithExamples((HelpAction)help.Action!, program);
        return root;
    }

    private static IEnumerable<string> Path(Command command) =>
        command is RootCommand ? [] : [.. command.Parents.OfType<Command>().SelectMany(Path), command.Name];

    private static async Task<bool> IsInterruptedAsync(CancellationToken interrupted)
    {
        if (!interrupted.IsCancellationRequested)
            await Task.WhenAny(Task.Delay(SignalDelay, interrupted));
        return interrupted.IsCancellationRequested;
    }

    private static int Stopped(Screen faults)
    {
        faults.Note("Stopped.");
        return Exit.Interrupted;
    }

    private static void Interrupt(PosixSignalContext signal, CancellationTokenSource interrupted)
    {
        // The first asks for a clean end; a second one ends at once, and the children with it.
        signal.Cancel = !interrupted.IsCancellationRequested;
        interrupted.Cancel();
    }
}
