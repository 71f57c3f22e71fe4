using Curriculum.Evaluation;
using Curriculum.Plans;
using Curriculum.Submission;

namespace Orchestrations.Schedules;

/// <summary>What one night's verdict is held against the next by: the primary metric of each arm and how each comparison was decided.</summary>
public sealed record VerdictScore
{
    public required string PlanHash { get; init; }

    public required string Headline { get; init; }

    /// <summary>A smaller change than this one is none.</summary>
    public required double SmallestInterestingDifference { get; init; }

    /// <summary>Every numerics fingerprint of the run: with another one, other bits are to be expected.</summary>
    public required IReadOnlyList<string> Fingerprints { get; init; }

    /// <summary>Arms with a figure, in the plan's order.</summary>
    public required IReadOnlyList<ArmScore> Arms { get; init; }

    public required IReadOnlyList<DecidedComparison> Comparisons { get; init; }

    public static VerdictScore Of(RunVerdict verdict) => new()
    {
        PlanHash = verdict.PlanHash,
        Headline = verdict.Headline,
        SmallestInterestingDifference = verdict.SmallestInterestingDifference,
        Fingerprints = verdict.Fingerprints,
        Arms =
        [
            .. from arm in verdict.Arms
               let row = arm.Benchmarks.FirstOrDefault(benchmark => benchmark.Name == verdict.Benchmark)
               let accuracy = verdict.PrimaryMetric == Metric.Sampled ? row?.Sampled : row?.Greedy
               where accuracy is not null
               select new ArmScore(arm.Arm, accuracy),
        ],
        Comparisons = [.. verdict.Comparisons.Select(comparison => new DecidedComparison(comparison.Curriculum, comparison.Against, comparison.Decision))],
    };
}

/// <summary>An arm's primary metric on the first benchmark.</summary>
public sealed record ArmScore(string Arm, Estimate Accuracy);

/// <summary>How a comparison was decided, from the curriculum's side.</summary>
public sealed record DecidedComparison(string Curriculum, string Against, Decision Decision);
