using Curriculum.Plans;

namespace Curriculum.Evaluation;

/// <summary>What the curriculum lost on the way: benchmarks beside the first on which it is worse than the base.</summary>
/// <param name="Benchmark">Its name.</param>
/// <param name="Difference">The curriculum minus the base, unadjusted: a warning is better given once too often.</param>
public sealed record Regression(string Benchmark, Estimate Difference)
{
    /// <summary>At least the smallest interesting difference, with an interval below zero; nothing where no arm is the base or a seed is missing everywhere.</summary>
    internal static IReadOnlyList<Regression> Of(RunPlan plan, ResultTable table)
    {
        var curriculum = plan.Arms.First(arm => arm.Name == plan.Evaluation.Curriculum);
        if (plan.Arms.FirstOrDefault(arm => arm.Stages.Count == 0) is not { } start)
            return [];

        var pairs = plan.Seeds.Select(seed => (After: table.Usable(curriculum, seed), Before: table.Usable(start, seed)))
            .Where(pair => pair is { After: not null, Before: not null }).ToList();
        var found = new List<Regression>();
        foreach (var benchmark in pairs.Count == 0 ? [] : plan.Evaluation.Benchmarks.Skip(1))
        {
            double[][] differences = [.. pairs.Select(pair => Scores.Primary(pair.After!.On(benchmark.Name), plan.Evaluation.PrimaryMetric)
                .Zip(Scores.Primary(pair.Before!.On(benchmark.Name), plan.Evaluation.PrimaryMetric), (after, before) => after - before).ToArray())];
            var random = CrossedBootstrap.Stream(plan, $"regression/{curriculum.Name}/{start.Name}/{benchmark.Name}");
            var estimate = CrossedBootstrap.Draw([differences], plan.Evaluation.BootstrapDraws, random.NextInt)[0].Interval(plan.Evaluation.Confidence);
            if (estimate.High < -PairedComparisons.Tolerance && estimate.Value <= -plan.Evaluation.SmallestInterestingDifference + PairedComparisons.Tolerance)
                found.Add(new(benchmark.Name, estimate));
        }

        return found;
    }
}
