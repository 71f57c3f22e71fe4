namespace Curriculum.Plans;

/// <summary>How an update trades time for memory; affects only the rounding of its sums.</summary>
public sealed record MemoryPlan
{
    /// <summary>Tokens per micro-batch; a step accumulates gradients over as many as it needs. A longer sequence is processed alone. Default 2048.</summary>
    public int MicroBatchTokens { get; init; } = 2048;

    /// <summary>Activation checkpointing: activations are recomputed in the backward pass instead of kept, about a third slower, for the memory of one layer instead of all. Default false.</summary>
    public bool RecomputeActivations { get; init; }
}
