using Curriculum.Plans;

namespace Curriculum.Evaluation;

/// <summary>What an arm lost on the way: benchmarks beside the first on which it is worse than the base.</summary>
/// <param name="Arm">Its name.</param>
/// <param name="Benchmark">The benchmark's.</param>
/// <param name="Difference">The arm minus the base, unadjusted: a warning is better given once too often.</param>
public sealed record Regression(string Arm, string Benchmark, Estimate Difference)
{
    /// <summary>Of the curriculum first, then of the other arms: at least the smallest interesting difference, with an interval below zero; nothing where no
    /// arm is the base or a seed is missing everywhere.</summary>
    internal static IReadOnlyList<Regression> Of(RunPlan plan, ResultTable table)
    {
        if (plan.Arms.FirstOrDefault(arm => arm.Stages.Count == 0) is not { } start)
            return [];
        return [.. plan.Arms.Where(arm => arm.Stages.Count > 0).OrderBy(arm => arm.Name == plan.Evaluation.Curriculum ? 0 : 1).SelectMany(arm => Of(plan, table, arm, start))];
    }

    private static List<Regression> Of(RunPlan plan, ResultTable table, ArmPlan arm, ArmPlan start)
    {
        var pairs = plan.Seeds.Select(seed => (After: table.Usable(arm, seed), Before: table.Usable(start, seed)))
            .Where(pair => pair is { After: not null, Before: not null }).ToList();
        var found = new List<Regression>();
        foreach (var benchmark in pairs.Count == 0 ? [] : plan.Evaluation.Benchmarks.Skip(1))
        {
            double[][] differences = [.. pairs.Select(pair => Scores.Primary(pair.After!.On(benchmark.Name), plan.Evaluation.PrimaryMetric)
                .Zip(Scores.Primary(pair.Before!.On(benchmark.Name), plan.Evaluation.PrimaryMetric), (after, before) => after - before).ToArray())];
            var random = CrossedBootstrap.Stream(plan, $"regression/{arm.Name}/{start.Name}/{benchmark.Name}");
            var estimate = CrossedBootstrap.Draw([differences], plan.Evaluation.BootstrapDraws, random.NextInt)[0].Interval(plan.Evaluation.Confidence);
            if (estimate.High < -PairedComparisons.Tolerance && estimate.Value <= -plan.Evaluation.SmallestInterestingDifference + PairedComparisons.Tolerance)
                found.Add(new(arm.Name, benchmark.Name, estimate));
        }

        return found;
    }
}
