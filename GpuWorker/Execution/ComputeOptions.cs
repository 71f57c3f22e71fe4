using GpuWorker.Rollouts.Lanes;

namespace GpuWorker.Execution;

/// <summary>What a worker computes on.</summary>
internal sealed record ComputeOptions
{
    /// <summary><c>cpu</c>, <c>cuda</c> or <c>cuda:1</c> (by index). Default cpu.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Memory that policies, optimisers and activations may take; an item that does not fit is refused before it starts. Default 0: the machine's or
    /// container's free memory; on cuda nine tenths of the device's.</summary>
    public int MemoryMegabytes { get; init; }

    /// <summary>Threads of one tensor operation. Default 1: two workers with one thread each beat one with two, and results are reproducible bit for bit.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Whether small policies are sampled and trained in vector lanes where the processor has registers of 512 bits (<see cref="LanesFit"/>). Default
    /// true; without them the last bits are others, and both are slower.</summary>
    public bool Lanes { get; init; } = true;

    /// <summary>Whether they are here: lanes are computed by one thread.</summary>
    public bool UsesLanes => this is { Lanes: true, Device: "cpu", Threads: 1 } && LanesFit.Supported;
}
