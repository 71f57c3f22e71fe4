using System.CommandLine;
using Cli.Local;
using Cli.Plans;

namespace Cli.Commands;

/// <summary><c>run</c>: a plan on this machine, from submission to verdict.</summary>
internal static class RunCommand
{
    public static Command Of(Session session)
    {
        Argument<string?> plan = new("plan") { Description = "The plan's file. Default: samples/quick.json.", Arity = ArgumentArity.ZeroOrOne };
        Option<bool> again = new("--new") { Description = "Start another run although one of this plan is unfinished." };
        Option<bool> keep = new("--keep") { Description = "Leave everything running after the verdict, until Ctrl-C." };
        LocalFlags local = new(leastWorkers: 1);
        CliCommand command = new(
            "run", "Run a plan on this machine, from submission to verdict; an unfinished run of the plan goes on.",
            "run", "run mine.json --workers 1", "run samples/findings/1-curriculum.json --new --keep", "run mine.json --json > verdict.json")
        {
            plan, again, keep, CommonOptions.Json,
        };
        local.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var file = PlanFile.Read(parsed.GetValue(plan) ?? session.Checkout.StandardPlan);
            var options = local.Read(parsed) with { New = parsed.GetValue(again), Keep = parsed.GetValue(keep) };
            return (await new LocalRun(session.Screen(parsed), session.Checkout, session.Clock).RunAsync(file, options, cancellationToken)).ExitCode;
        });
        return command;
    }
}
