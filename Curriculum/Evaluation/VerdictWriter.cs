using Curriculum.Evaluation.Audits;
using Curriculum.Evaluation.Probes;
using Curriculum.Plans;
using Curriculum.Problems;

namespace Curriculum.Evaluation;

/// <summary>Concludes a run: a pure function of the plan and the arms' results.</summary>
public static class VerdictWriter
{
    /// <summary>The verdict; the same for the same plan and results, in whatever order these come.</summary>
    /// <param name="plan">A valid plan.</param>
    /// <param name="planHash">Its hash.</param>
    /// <param name="results">One for each arm and seed that ended, failed ones included; one that is missing counts as failed.</param>
    /// <param name="measures">What was measured of the base before any training; null where nothing was.</param>
    /// <exception cref="ArgumentException">The results do not fit the plan or each other; the message names the arm and the seed.</exception>
    public static RunVerdict Conclude(RunPlan plan, string planHash, IReadOnlyList<ArmSeedResult> results, BaseMeasures? measures = null)
    {
        var table = new ResultTable(plan, results);
        IReadOnlyList<ArmVerdict> arms = [.. plan.Arms.Select(arm => ArmRows.Of(plan, table, arm))];
        IReadOnlyList<BenchmarkStanding> standings = [.. plan.Evaluation.Benchmarks.Select(benchmark =>
            BenchmarkStanding.Of(benchmark, plan.Base, measures?.Audits.FirstOrDefault(audit => audit.Benchmark == benchmark.Name)))];
        var regressions = Regression.Of(plan, table);
        var comparisons = WithheldWins.From(plan, PairedComparisons.All(plan, table), standings[0], regressions);
        IReadOnlyList<string> fingerprints = [.. results.SelectMany(result => result.Fingerprints).Concat(measures?.Fingerprints ?? []).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var failure = arms.SelectMany(arm => arm.Seeds).All(seed => seed.Updates == 0)
            ? "No arm trained: not one optimiser update was made in the whole run."
            : null;

        return new()
        {
            Name = plan.Name,
            PlanHash = planHash,
            Headline = failure is null ? Headline.Of(plan.Evaluation, arms, comparisons) : $"Failed. {failure}",
            Failure = failure,
            FailedArms = [.. arms.SelectMany(arm => arm.Seeds.Where(seed => seed.Failure is not null).Select(seed => $"{arm.Arm} seed {seed.Seed}: {seed.Failure}"))],
            Benchmark = plan.Evaluation.Benchmarks[0].Name,
            PrimaryMetric = plan.Evaluation.PrimaryMetric,
            Confidence = plan.Evaluation.Confidence,
            SmallestInterestingDifference = plan.Evaluation.SmallestInterestingDifference,
            Samples = plan.Evaluation.Samples,
            Budget = new(plan.Budget.Unit, plan.Budget.Amount, plan.Budget.Unit != BudgetUnit.Seconds),
            Arms = arms,
            Comparisons = comparisons,
            Benchmarks = standings,
            SideBySide = [.. arms.Select(arm => SideBySide.Of(plan.Evaluation, arm, standings))],
            Regressions = regressions,
            Interaction = Interaction.Of(plan, table),
            Sequencing = SequencePoint.Of(plan, arms),
            Probes = ProbeVerdict.Of(plan, table, measures),
            Fingerprints = fingerprints,
            MixedNumerics = fingerprints.Count > 1,
            Bases = 1,
            BaseFamily = plan.Base.Family ?? (plan.Base.Pretrain is null ? null : TwoDials.FamilyName),
            Caveats = Evaluation.Caveats.Of(plan, arms, comparisons, standings, regressions, Unmeasured(results, measures), fingerprints.Count > 1),
        };
    }

    private static IReadOnlyList<string> Unmeasured(IReadOnlyList<ArmSeedResult> results, BaseMeasures? measures) =>
    [
        .. (measures?.Failures ?? []).Select(failure => $"Not measured: {failure}"),
        .. results.Where(result => result.ProbeFailure is not null).OrderBy(result => result.Arm, StringComparer.Ordinal).ThenBy(result => result.Seed)
            .Select(result => $"Not measured: {result.Arm} seed {result.Seed}. {result.ProbeFailure}"),
    ];
}
