using System.Globalization;
using Cli.Hosts;
using Cli.Plans;
using Cli.Terminal;
using Cli.Views;
using Cli.Watching;
using Curriculum.Api;
using Curriculum.Plans;
using LocalHost.Launch;

namespace Cli.Local;

/// <summary>Runs a plan on this machine, from submission to verdict; a run of it that is unfinished goes on.</summary>
internal sealed class LocalRun(Screen screen, Checkout checkout, TimeProvider clock)
{
    /// <summary>What a run came to.</summary>
    /// <param name="Id">The run.</param>
    /// <param name="ExitCode">Of the command.</param>
    /// <param name="Resumed">Whether it had begun before.</param>
    /// <param name="Verdict">Its verdict; null where it has none.</param>
    public sealed record Outcome(string Id, int ExitCode, bool Resumed, byte[]? Verdict);

    public async Task<Outcome> RunAsync(PlanFile file, LocalOptions options, CancellationToken cancellationToken)
    {
        PlanCheck.Of(file, checkout, new Price(path: null, Price.LocalMachine)).Refuse(file.Path);
        var plan = file.Reading.Plan!;
        string? submitted = null;
        try
        {
            return await new LocalHosting(screen, checkout).WithAsync(
                options,
                processes => screen.StepAsync("Uploading models and data sets", () => InputUpload.ForAsync(processes.DataStorage, file, plan, checkout, cancellationToken)),
                async (processes, host) =>
                {
                    using var runs = new RunsClient(host);
                    var (id, resumed) = await SubmitAsync(runs, file, options, cancellationToken);
                    submitted = id;
                    var status = await new Watch(runs, screen, clock, processes.Check).UntilEndAsync(id, cancellationToken);
                    var outcome = await new Conclusion(screen, checkout).ShowAsync(runs, status, cancellationToken);
                    if (options.Keep)
                        await KeepAsync(processes, cancellationToken);
                    return new Outcome(id, outcome.ExitCode, resumed, outcome.Verdict);
                },
                cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested && submitted is not null)
        {
            throw new CommandException(Exit.Interrupted, $"Stopped. The same command continues run {submitted} where it stands.");
        }
    }

    private async Task<(string Id, bool Resumed)> SubmitAsync(RunsClient runs, PlanFile file, LocalOptions options, CancellationToken cancellationToken)
    {
        var (plan, hash) = (file.Reading.Plan!, file.Reading.Hash!);
        // The newest of the plan's own runs too: one that was cut off before it began is in no line.
        var (prefix, open) = ($"{plan.Name}-{hash[..6]}-", await runs.UnfinishedAsync(cancellationToken));
        var own = (await runs.ListAsync(100, before: null, prefix, unfinished: false, cancellationToken)).Runs;
        var continued = options.New ? null : open.Concat(own).FirstOrDefault(run => run.PlanHash == hash && CanGoOn(run));
        var id = continued?.Id ?? NextKey(prefix, own);
        var accepted = await runs.SubmitAsync(file.Content, id, cancellationToken);
        if (continued?.State == RunState.Paused)
            await runs.AskAsync(id, "resume", cancellationToken);
        screen.Say(continued is null ? $"Run {id} of {plan.Name} started."
            : $"Run {id} is {(continued.State == RunState.Paused ? "paused" : "unfinished")}: it continues. (--new starts another.)");
        screen.Say(PriceView.Line(accepted.Price));
        foreach (var other in open.Where(run => run.Id != id))
            screen.Warn($"Run {other.Id} is {(other.State == RunState.Unreadable ? "unreadable; purge it" : "unfinished too and shares the workers")}.");
        return (id, continued is not null);
    }

    private async Task KeepAsync(LaunchedProcesses processes, CancellationToken cancellationToken)
    {
        screen.Say("Everything is left running; Ctrl-C stops it.");
        await StayAsync(screen, processes, clock, cancellationToken);
    }

    /// <summary>Looks after the processes until the person ends it.</summary>
    public static async Task StayAsync(Screen screen, LaunchedProcesses processes, TimeProvider clock, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            await Task.WhenAny(Task.Delay(TimeSpan.FromSeconds(1), clock, cancellationToken));
            foreach (var notice in processes.Check())
                screen.Warn(notice);
        }
    }

    // A cancellation is not taken back.
    private static bool CanGoOn(RunStatus run) => run.State is RunState.Pending or RunState.Running or RunState.Paused;

    // The first number of the plan that is above all others: the key is the run's id, so it can be read.
    private static string NextKey(string prefix, IEnumerable<RunStatus> own)
    {
        var used = own.Select(run => int.TryParse(run.Id[prefix.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0);
        return prefix + (used.DefaultIfEmpty(0).Max() + 1).ToString(CultureInfo.InvariantCulture);
    }
}
