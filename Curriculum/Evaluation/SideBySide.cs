using Curriculum.Evaluation.Audits;
using Curriculum.Plans;

namespace Curriculum.Evaluation;

/// <summary>An arm's primary metric on the clean benchmarks beside that on the others.</summary>
public sealed record SideBySide
{
    public required string Arm { get; init; }

    /// <summary>Mean over the clean benchmarks; null where there is none.</summary>
    public double? Clean { get; init; }

    /// <summary>Mean over those that are suspect or recited; null where there is none.</summary>
    public double? Suspect { get; init; }

    internal static SideBySide Of(EvaluationPlan plan, ArmVerdict arm, IReadOnlyList<BenchmarkStanding> standings)
    {
        double? Mean(bool clean) => arm.Benchmarks
            .Where(row => (standings.First(standing => standing.Benchmark == row.Name).Standing == Standing.Clean) == clean)
            .Select(row => plan.PrimaryMetric == Metric.Sampled ? row.Sampled?.Value : row.Greedy.Value).Average();
        return new() { Arm = arm.Arm, Clean = Mean(clean: true), Suspect = Mean(clean: false) };
    }
}
