namespace GpuWorker.Execution;

/// <summary>What a worker computes on.</summary>
internal sealed record ComputeOptions
{
    /// <summary><c>cpu</c>, <c>cuda</c> or <c>cuda:1</c> (by index). Default cpu.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Memory that policies, optimisers and activations may take; an item that cannot fit is refused before it starts. Default 0: what the machine or container has free; on cuda nine tenths of the device's.</summary>
    public int MemoryMegabytes { get; init; }

    /// <summary>Threads of one tensor operation. Default 1: two workers of one thread beat one of two, and results repeat bit for bit.</summary>
    public int Threads { get; init; } = 1;
}
