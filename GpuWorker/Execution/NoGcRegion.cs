using System.Runtime;

namespace GpuWorker.Execution;

/// <summary>Keeps the garbage collector out of native calls: it runs at heartbeats, where none is under way.</summary>
/// <remarks>
/// TorchSharp makes a Scalar for nearly every operation, a plain sum included, and passes on its handle alone. A collection during the call
/// finalises the Scalar while libtorch may still read it: "Unknown scalar type", or the end of the process, and the likelier the busier
/// the machine. The region is process-wide; an allocation beyond it ends it with an ordinary collection, and the next heartbeat begins it anew.
/// Collections are rare then, and the runtime gives memory back by their number: where it holds much more than the region it is made to.
/// </remarks>
internal static class NoGcRegion
{
    /// <summary>What may be allocated between two collections; a heartbeat renews the region once half of it is used.</summary>
    private const long RegionBytes = 192L << 20;

    /// <summary>What the runtime may hold.</summary>
    private const long MostBytes = RegionBytes + (64L << 20);

    private static readonly Lock Gate = new();
    private static long _allocatedAtBegin;

    /// <summary>Begins the region, or begins it anew where it is half used or has ended. Called from the computing thread, between native calls.</summary>
    public static void Renew()
    {
        lock (Gate)
        {
            var open = GCSettings.LatencyMode == GCLatencyMode.NoGCRegion;
            if (open && GC.GetTotalAllocatedBytes() - _allocatedAtBegin < RegionBytes / 2)
                return;
            if (open)
                GC.EndNoGCRegion();
            if (GC.GetGCMemoryInfo().TotalCommittedBytes > MostBytes)
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
            _allocatedAtBegin = GC.GetTotalAllocatedBytes();
            GC.TryStartNoGCRegion(RegionBytes);
        }
    }
}
