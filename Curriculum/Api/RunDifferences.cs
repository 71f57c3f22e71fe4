using Curriculum.Evaluation;
using Curriculum.Plans;

namespace Curriculum.Api;

/// <summary>How a run's arms answer the benchmark of the verdict beside another run's arms of the same names, problem by problem.</summary>
public sealed record RunDifferences
{
    public required string Run { get; init; }

    /// <summary>The run that is taken away.</summary>
    public required string To { get; init; }

    public required string Benchmark { get; init; }

    public required Metric Metric { get; init; }

    public required double Confidence { get; init; }

    /// <summary>Draws of the bootstrap.</summary>
    public required int Draws { get; init; }

    /// <summary>The arms that both runs have.</summary>
    public required IReadOnlyList<ArmDifference> Arms { get; init; }
}

/// <summary>An arm of one run beside that of another.</summary>
/// <param name="Arm">Its name.</param>
/// <param name="Seeds">The seeds that both have; each is held to itself.</param>
/// <param name="Problems">Problems that both answered.</param>
/// <param name="Difference">Over the pairs, seeds and problems both resampled; null where there are none.</param>
/// <param name="Unpaired">Why there are no pairs; null where there are.</param>
public sealed record ArmDifference(string Arm, IReadOnlyList<int> Seeds, int Problems, Estimate? Difference, string? Unpaired);
