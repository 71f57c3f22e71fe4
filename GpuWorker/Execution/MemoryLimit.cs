namespace GpuWorker.Execution;

/// <summary>How much memory there is for policies.</summary>
internal static class MemoryLimit
{
    /// <summary>The share of a CUDA device's memory that policies may take; the rest is for its context, the libraries' workspaces and fragmentation.</summary>
    private const double ShareOfDevice = 0.9;

    /// <summary>Whether <see cref="Of"/> includes the policies already loaded; otherwise it is the memory free beside them.</summary>
    public static bool IsTotal(ComputeOptions options) => options.MemoryMegabytes > 0 || options.Device != "cpu";

    /// <summary>Bytes.</summary>
    /// <remarks>
    /// Without a setting, on a CPU: what the container or machine allows beyond what this process uses already, and no more than is free now.
    /// On CUDA: nine tenths of the device's memory, which the worker is assumed to have to itself.
    /// </remarks>
    public static long Of(ComputeOptions options)
    {
        if (options.MemoryMegabytes > 0)
            return (long)options.MemoryMegabytes << 20;
        if (options.Device != "cpu")
            return (long)(CudaDriver.Memory(ComputeDevice.Index(options.Device)) * ShareOfDevice);

        var allowed = Math.Max(0, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes - Environment.WorkingSet);
        return Math.Min(allowed, Free() ?? allowed);
    }

    // MemAvailable includes what the kernel can reclaim; this process's own share is in use and not counted.
    private static long? Free()
    {
        if (!File.Exists("/proc/meminfo"))
            return null;
        var line = File.ReadLines("/proc/meminfo").FirstOrDefault(line => line.StartsWith("MemAvailable:", StringComparison.Ordinal));
        return line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var kilobytes, ..] && long.TryParse(kilobytes, out var free) ? free << 10 : null;
    }
}
