using Cli.Plans;
using Cli.Terminal;
using Curriculum.Findings;

namespace Cli.Local;

/// <summary>Runs the plans of <c>samples/findings</c> and writes <c>docs/RESULTS.md</c> from what they came to.</summary>
internal sealed class FindingRuns(Screen screen, Checkout checkout, TimeProvider clock)
{
    private readonly FindingsFolder _folder = new(Path.Combine(checkout.Samples, "findings"));

    /// <summary>Runs what has no result of its present text yet, one after the other, and writes the page after each.</summary>
    /// <param name="names">Beginnings of plans' names, so that <c>2</c> is the second finding; all where there is none.</param>
    /// <param name="again">Runs also what has its result.</param>
    /// <param name="options">How each is run.</param>
    public async Task<int> RunAsync(IReadOnlyList<string> names, bool again, LocalOptions options, CancellationToken cancellationToken)
    {
        var known = _folder.Findings.SelectMany(finding => finding.Plans).Distinct().ToList();
        if (names.FirstOrDefault(name => !known.Any(plan => plan.StartsWith(name, StringComparison.Ordinal))) is { } unknown)
            throw CommandException.Refused($"Expected the beginning of a plan's name in samples/findings, found '{unknown}'. There are: {string.Join(", ", known)}.");

        foreach (var plan in known.Where(plan => names.Count == 0 || names.Any(name => plan.StartsWith(name, StringComparison.Ordinal))))
        {
            if (!again && _folder.Run(plan) is not null)
            {
                screen.Say($"{plan} has its result. (--again runs it anew.)");
                continue;
            }

            var begun = clock.GetTimestamp();
            var outcome = await new LocalRun(screen, checkout, clock).RunAsync(PlanFile.Read(_folder.PlanPath(plan)), options, cancellationToken);
            if (outcome.ExitCode != Exit.Done)
                return outcome.ExitCode;
            if (outcome.Resumed)
            {
                screen.Warn($"{plan} was continued: how long it took before that is not known, and the time is a part of a result, so none is stored. The same command runs it anew.");
                return Exit.Failed;
            }

            _folder.Store(plan, outcome.Verdict!, (int)Math.Ceiling(clock.GetElapsedTime(begun).TotalSeconds));
            await WritePageAsync(cancellationToken);
            options = options with { AsBuilt = true };
        }

        return await WritePageAsync(cancellationToken);
    }

    /// <summary>Writes the page from what is stored, and runs nothing.</summary>
    public async Task<int> WritePageAsync(CancellationToken cancellationToken)
    {
        var path = Path.Combine(checkout.Root, "docs", "RESULTS.md");
        await File.WriteAllTextAsync(path, _folder.Page(), cancellationToken);
        screen.Say($"Written: {path}");
        return Exit.Done;
    }
}
