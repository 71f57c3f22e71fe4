using System.Globalization;
using Curriculum.Evaluation;
using Curriculum.Plans;

namespace Curriculum.Findings;

/// <summary>The figure that a claim is about.</summary>
/// <param name="Value">The estimate, or a count that has no interval.</param>
/// <param name="Interval">Null where there is none: the claim is then judged by the value alone.</param>
/// <param name="Scale">How it is written.</param>
/// <param name="Note">What a reader must know of it; null for nothing.</param>
public sealed record ClaimFigure(double Value, Estimate? Interval, FigureScale Scale, string? Note = null)
{
    /// <summary>Looks the figure up; null where the run did not measure it.</summary>
    /// <param name="claim">What is asked.</param>
    /// <param name="verdict">Of the claim's plan.</param>
    /// <param name="other">Of the plan of the other arm; the same verdict where the claim names no other plan.</param>
    public static ClaimFigure? Of(Claim claim, RunVerdict verdict, RunVerdict other)
    {
        var one = OfArm(claim, claim.Arm, verdict);
        if (claim.Against is null || one is null)
            return one;
        if (claim.Measure == ClaimMeasure.Accuracy && ReferenceEquals(verdict, other) && (claim.Benchmark ?? verdict.Benchmark) == verdict.Benchmark && Paired(claim, verdict) is { } paired)
            return new(paired.Value, paired, FigureScale.Points);
        return OfArm(claim, claim.Against, other) is { } second ? Less(one, second) : null;
    }

    private static ClaimFigure? OfArm(Claim claim, string? arm, RunVerdict verdict)
    {
        var traces = verdict.Probes?.Traces.FirstOrDefault(found => found.Arm == arm);
        var activation = verdict.Probes?.Activation.FirstOrDefault(found => found.Arm == arm);
        var enabling = verdict.Probes?.Enabling.FirstOrDefault(found => found.Arm == arm);
        return claim.Measure switch
        {
            ClaimMeasure.Accuracy => With(Accuracy(verdict, arm, claim.Benchmark ?? verdict.Benchmark), FigureScale.Share),
            ClaimMeasure.Interaction => With(verdict.Interaction?.Estimate, FigureScale.Points),
            ClaimMeasure.ZeroSuccessChange => With(enabling?.ZeroSuccessChange, FigureScale.Points),
            ClaimMeasure.UsefulChange => With(enabling?.UsefulChange, FigureScale.Points),
            ClaimMeasure.Completion => With(verdict.Benchmarks.FirstOrDefault(benchmark => benchmark.Benchmark == claim.Benchmark)?.Audit?.Completion, FigureScale.Share),
            ClaimMeasure.GuardedFalls => GuardedFalls(verdict.Arms.FirstOrDefault(found => found.Arm == arm)),
            ClaimMeasure.ValidationFalls => ValidationFalls(verdict.Arms.FirstOrDefault(found => found.Arm == arm)),
            ClaimMeasure.Coherence => With(traces?.Coherence, FigureScale.Share),
            ClaimMeasure.Validity => With(traces?.Validity, FigureScale.Share),
            ClaimMeasure.WrongCoherence => traces?.Patterns.FirstOrDefault(pattern => pattern.Pattern == "00") is { Coherence: { } coherence } wrong
                ? new(coherence, null, FigureScale.Share, $"{wrong.Problems} traces")
                : null,
            ClaimMeasure.Divergence => With(activation?.DivergenceEstimate, FigureScale.Number),
            ClaimMeasure.Reflection => With(activation?.Reflection, FigureScale.Number),
            ClaimMeasure.ClipFraction => ClipFraction(verdict.Arms.FirstOrDefault(found => found.Arm == arm)),
            ClaimMeasure.PassAtK => verdict.Probes?.PassAtK.FirstOrDefault(found => found.Arm == arm)?.Points[^1] is { } point
                ? new(point.Value, null, FigureScale.Share, $"k = {point.K}")
                : null,
            _ => throw new ArgumentOutOfRangeException(nameof(claim), claim.Measure, "Unknown measure."),
        };
    }

    /// <summary>The paired difference, with Holm's interval, where the run compared the two.</summary>
    private static Estimate? Paired(Claim claim, RunVerdict verdict)
    {
        foreach (var comparison in verdict.Comparisons)
        {
            if (comparison.Adjusted is not { } found)
                continue;
            if (comparison.Curriculum == claim.Arm && comparison.Against == claim.Against)
                return found;
            if (comparison.Curriculum == claim.Against && comparison.Against == claim.Arm)
                return new(-found.Value, -found.High, -found.Low);
        }

        return null;
    }

    /// <summary>Of two separate intervals: too wide rather than too narrow.</summary>
    private static ClaimFigure Less(ClaimFigure one, ClaimFigure other) => new(
        one.Value - other.Value,
        one.Interval is { } left && other.Interval is { } right ? new(left.Value - right.Value, left.Low - right.High, left.High - right.Low) : null,
        one.Scale == FigureScale.Share ? FigureScale.Points : one.Scale,
        one.Interval is null ? one.Note : "from two separate intervals");

    private static Estimate? Accuracy(RunVerdict verdict, string? arm, string benchmark)
    {
        var row = verdict.Arms.FirstOrDefault(found => found.Arm == arm)?.Benchmarks.FirstOrDefault(found => found.Name == benchmark);
        return verdict.PrimaryMetric == Metric.Sampled ? row?.Sampled : row?.Greedy;
    }

    private static ClaimFigure? GuardedFalls(ArmVerdict? arm)
    {
        var fallen = arm?.Seeds.SelectMany(seed => seed.Stages).Where(stage => stage.Fall is not null).ToList() ?? [];
        var guarded = fallen.Count(stage => stage.Alarms.Any(alarm => alarm.Attempt == stage.Fall!.Attempt && alarm.Iteration < stage.Fall.Iteration));
        return fallen.Count == 0 ? null : new((double)guarded / fallen.Count, null, FigureScale.Share, $"{guarded} of {fallen.Count} falls");
    }

    private static ClaimFigure? ValidationFalls(ArmVerdict? arm)
    {
        var seeds = arm?.Seeds.Where(seed => seed.Failure is null).ToList() ?? [];
        var fallen = seeds.Count(seed => seed.Stages.Any(stage => stage.Fall is not null));
        return seeds.Count == 0 ? null : new((double)fallen / seeds.Count, null, FigureScale.Share, $"{fallen} of {seeds.Count} seeds");
    }

    private static ClaimFigure? ClipFraction(ArmVerdict? arm)
    {
        var shares = arm?.Seeds.SelectMany(seed => seed.Stages).Select(stage => stage.ClipFraction).OfType<double>().ToList() ?? [];
        return shares.Count == 0 ? null : new(shares.Min(), null, FigureScale.Share, string.Create(CultureInfo.InvariantCulture, $"the least of {shares.Count}"));
    }

    private static ClaimFigure? With(Estimate? estimate, FigureScale scale) => estimate is null ? null : new(estimate.Value, estimate, scale);
}

/// <summary>How a figure is written.</summary>
public enum FigureScale
{
    /// <summary>As a percentage.</summary>
    Share,

    /// <summary>As percentage points.</summary>
    Points,

    /// <summary>As it is.</summary>
    Number,
}
