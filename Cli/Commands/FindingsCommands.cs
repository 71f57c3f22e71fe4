using System.CommandLine;
using Cli.Local;

namespace Cli.Commands;

/// <summary><c>findings</c> and <c>results</c>: the published findings, run here and written up.</summary>
internal static class FindingsCommands
{
    public static Command Findings(Session session)
    {
        Argument<string[]> names = new("names") { Description = "Beginnings of plans' names in samples/findings. Default: all.", Arity = ArgumentArity.ZeroOrMore };
        Option<bool> again = new("--again") { Description = "Run also what has its result." };
        LocalFlags local = new(leastWorkers: 1);
        CliCommand command = new(
            "findings", "Run the plans of samples/findings that have no result of their present text, and write docs/RESULTS.md.",
            "findings", "findings 2 4", "findings 5-coherence --again")
        {
            names, again,
        };
        local.AddTo(command);
        command.SetAction((parsed, cancellationToken) => new FindingRuns(session.Screen(parsed), session.Checkout, session.Clock)
            .RunAsync(parsed.GetValue(names) ?? [], parsed.GetValue(again), local.Read(parsed), cancellationToken));
        return command;
    }

    public static Command Results(Session session)
    {
        CliCommand command = new("results", "Write docs/RESULTS.md from the stored verdicts; runs nothing.", "results");
        command.SetAction((parsed, cancellationToken) => new FindingRuns(session.Screen(parsed), session.Checkout, session.Clock).WritePageAsync(cancellationToken));
        return command;
    }
}
