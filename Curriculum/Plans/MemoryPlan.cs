namespace Curriculum.Plans;

/// <summary>How an update trades time for memory; changes no more than the rounding of its sums.</summary>
public sealed record MemoryPlan
{
    /// <summary>Most tokens that go through the policy at once; a step's gradients are summed over as many passes as it takes. A single longer sequence goes alone. Default 2048.</summary>
    public int MicroBatchTokens { get; init; } = 2048;

    /// <summary>Whether activations are computed again in the backward pass instead of kept: about a third slower, and memory for one layer instead of all. Default false.</summary>
    public bool RecomputeActivations { get; init; }
}
