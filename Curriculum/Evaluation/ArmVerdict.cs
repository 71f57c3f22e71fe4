using Curriculum.Plans;

namespace Curriculum.Evaluation;

/// <summary>One row of the verdict: an arm over all its seeds.</summary>
public sealed record ArmVerdict
{
    public required string Arm { get; init; }

    /// <summary>The planned methods in order; empty for the base itself.</summary>
    public required IReadOnlyList<Method> Methods { get; init; }

    /// <summary>Whether its reward says nothing of the answer: a control.</summary>
    public bool Spurious { get; init; }

    /// <summary>Every seed, in the plan's order.</summary>
    public required IReadOnlyList<SeedVerdict> Seeds { get; init; }

    /// <summary>The means over the evaluated seeds, one for each benchmark that any seed was evaluated on.</summary>
    public required IReadOnlyList<ArmBenchmark> Benchmarks { get; init; }
}

/// <summary>One seed of an arm.</summary>
public sealed record SeedVerdict
{
    public required int Seed { get; init; }

    public required IReadOnlyList<StageSummary> Stages { get; init; }

    /// <summary>Optimiser updates over all stages.</summary>
    public required int Updates { get; init; }

    public required long Compute { get; init; }

    /// <summary>What was spent, in the budget's unit.</summary>
    public long Spent { get; init; }

    /// <summary>Share of the budget that was spent; null for an arm without stages.</summary>
    public double? SpentShare { get; init; }

    /// <summary>Whether less than 95 % of the budget was spent.</summary>
    public required bool Underspent { get; init; }

    public string? ChosenCheckpoint { get; init; }

    public double? ValidationAccuracy { get; init; }

    public required IReadOnlyList<SeedBenchmark> Benchmarks { get; init; }

    /// <summary>Why this seed counts as failed; null where it does not.</summary>
    public string? Failure { get; init; }
}

/// <summary>The figures of one seed on one benchmark.</summary>
public sealed record SeedBenchmark
{
    public required string Name { get; init; }

    public required int Problems { get; init; }

    /// <summary>Accuracy of the greedy completion, with the Wilson interval over problems.</summary>
    public required Estimate Greedy { get; init; }

    /// <summary>Share of problems whose greedy completion is right with every written step valid.</summary>
    public required double GreedyStepsValid { get; init; }

    /// <summary>Mean accuracy of the samples at temperature 1; null where none were taken.</summary>
    public double? Sampled { get; init; }

    public double? SampledStepsValid { get; init; }

    /// <summary>Unbiased pass@k with k the plan's samples per problem; null where none were taken.</summary>
    public double? PassAtK { get; init; }

    public required double MeanTokens { get; init; }
}

/// <summary>The means of an arm on one benchmark, with crossed bootstrap intervals over seeds and problems.</summary>
public sealed record ArmBenchmark
{
    public required string Name { get; init; }

    /// <summary>Seeds behind the means; with one, the intervals are over problems only.</summary>
    public required int Seeds { get; init; }

    public required Estimate Greedy { get; init; }

    public required Estimate GreedyStepsValid { get; init; }

    public Estimate? Sampled { get; init; }

    public Estimate? SampledStepsValid { get; init; }

    /// <summary>Means of the seeds' own cells, computed anew; they must agree with the estimates.</summary>
    public required RecomputedMeans Recomputed { get; init; }
}

/// <summary>A table's averages computed anew from its cells.</summary>
public sealed record RecomputedMeans
{
    /// <summary>Mean of the seeds' greedy cells.</summary>
    public required double Greedy { get; init; }

    /// <summary>Mean of the seeds' sampled cells; null where no samples were taken.</summary>
    public double? Sampled { get; init; }

    /// <summary>Whether both are within 1e-9 of the averages shown.</summary>
    public required bool Agrees { get; init; }

    /// <summary>Of the seeds' cells, held against the averages that are shown.</summary>
    public static RecomputedMeans Of(IReadOnlyList<SeedBenchmark> cells, double greedyShown, double? sampledShown)
    {
        var greedy = cells.Average(cell => cell.Greedy.Value);
        var sampled = cells.Average(cell => cell.Sampled);
        return new()
        {
            Greedy = greedy,
            Sampled = sampled,
            Agrees = Math.Abs(greedy - greedyShown) < 1e-9 && (sampled is null || Math.Abs(sampled.Value - sampledShown!.Value) < 1e-9),
        };
    }
}
