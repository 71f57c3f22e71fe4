namespace GpuWorker.Execution;

/// <summary>What a worker computes on.</summary>
internal sealed record ComputeOptions
{
    /// <summary><c>cpu</c> or <c>cuda</c>. Default cpu.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Threads of one tensor operation. Default 1: two workers of one thread beat one of two, and results repeat bit for bit.</summary>
    public int Threads { get; init; } = 1;
}
