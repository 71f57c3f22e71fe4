using System.Globalization;
using Curriculum.Evaluation.Audits;
using Curriculum.Plans;
using Curriculum.Stages;

namespace Curriculum.Evaluation;

/// <summary>What a reader must know before quoting a figure.</summary>
internal static class Caveats
{
    public static IReadOnlyList<string> Of(RunPlan plan, IReadOnlyList<ArmVerdict> arms, IReadOnlyList<Comparison> comparisons, IReadOnlyList<BenchmarkStanding> standings,
        IReadOnlyList<Regression> regressions, IReadOnlyList<string> unmeasured, bool mixedNumerics)
    {
        var caveats = new List<string> { "One base: everything here holds for this base, and says nothing about another." };
        var seeds = comparisons.Select(comparison => comparison.Seeds.Count).DefaultIfEmpty(plan.Seeds.Count).Max();
        if (seeds < PairedComparisons.MinimumSeeds)
            caveats.Add($"Too few seeds: {seeds}. Nothing is decided under {PairedComparisons.MinimumSeeds} training seeds; the estimates are shown as they are.");
        if (seeds == 1)
            caveats.Add("One seed: intervals are over problems only.");
        else if (seeds is > 1 and < 5)
            caveats.Add(string.Create(CultureInfo.InvariantCulture,
                $"Few seeds: resampling {seeds} seeds understates the spread between seeds by a factor of {Math.Sqrt(seeds / (seeds - 1.0)):0.00}; read intervals as somewhat too narrow."));
        caveats.AddRange(standings.Where(standing => standing.Standing != Standing.Clean)
            .Select(standing => $"{standing.Benchmark} is {(standing.Standing == Standing.Recited ? "recited: it supports no win" : "suspect")}. {standing.Reason}"));
        if (plan.Evaluation.Audit is null)
            caveats.Add("The base was not audited: no benchmark is known to be clear of its pretraining text.");
        caveats.AddRange(regressions.Select(
            regression => $"Damage: {regression.Arm} is {Words.Size(regression.Difference.Value)} below the base on {regression.Benchmark} ({Words.PointsRange(regression.Difference)})."));
        caveats.AddRange(unmeasured);
        if (mixedNumerics)
            caveats.Add("Mixed numerics: the work was done under more than one numerics fingerprint, so another run may end in other bits.");

        foreach (var (arm, seed) in arms.SelectMany(arm => arm.Seeds.Select(seed => (arm, seed))))
        {
            if (seed is { Underspent: true, Failure: null })
                caveats.Add($"{arm.Arm} seed {seed.Seed} spent {Words.Percent(seed.SpentShare!.Value)} of its budget{Why(seed)}; the comparison is not at equal compute.");
            if (seed.Stages.Any(stage => stage.Outcome == StageOutcome.Canceled))
                caveats.Add($"{arm.Arm} seed {seed.Seed} was canceled before its end, at a point that is not reproducible.");
            if (seed.Stages.Any(stage => stage.Outcome == StageOutcome.StoppedByCap))
                caveats.Add($"{arm.Arm} seed {seed.Seed} was stopped by a cap, which is not reproducible.");
        }

        if (plan.Budget.Unit == BudgetUnit.Updates)
            caveats.Add("The budget counts optimiser updates: arms may differ in the compute they spent.");
        if (plan.Budget.Unit == BudgetUnit.Seconds)
            caveats.Add("Not reproducible: the budget counts seconds of work, so how far an arm comes depends on the machine; another run ends in other figures.");
        foreach (var arm in arms)
        {
            var alarms = arm.Seeds.SelectMany(seed => seed.Stages.SelectMany(stage => stage.Alarms.Select(alarm => (seed.Seed, alarm.Guard)))).ToList();
            if (alarms.Count > 0)
            {
                caveats.Add(
                    $"Guards fired on {arm.Arm} in {alarms.Select(alarm => alarm.Seed).Distinct().Count()} of {arm.Seeds.Count} seeds: "
                    + $"{Words.Join([.. alarms.Select(alarm => Words.Of(alarm.Guard)).Distinct().Order(StringComparer.Ordinal)])}.");
            }
        }

        caveats.AddRange(arms.SelectMany(arm => arm.Benchmarks.Where(benchmark => !benchmark.Recomputed.Agrees)
            .Select(benchmark => $"The averages of {arm.Arm} on {benchmark.Name} do not agree with their own cells.")));
        return caveats;
    }

    private static string Why(SeedVerdict seed) => seed.Stages is [.., { Outcome: not StageOutcome.Completed } last] ? $" ({Words.Of(last.Outcome)})" : "";
}
