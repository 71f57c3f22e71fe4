namespace GpuWorker.Execution;

/// <summary>What memory there is for policies.</summary>
internal static class MemoryLimit
{
    /// <summary>Of a CUDA device's memory, what policies may take: the rest is for its context, the libraries' workspaces and the gaps between blocks.</summary>
    private const double ShareOfDevice = 0.9;

    /// <summary>Whether <see cref="Of"/> counts all that policies take, those that are held too; else it is what is free now, beside those.</summary>
    public static bool IsTotal(ComputeOptions options) => options.MemoryMegabytes > 0 || options.Device != "cpu";

    /// <summary>Bytes.</summary>
    /// <remarks>
    /// Without a setting, on a CPU: what the container or machine allows beyond what this process has already, and no more than is free now.
    /// On CUDA: nine tenths of the device's memory, which the worker is taken to have for itself.
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

    // MemAvailable counts what the kernel can give back; this process's own share is in use and not counted.
    private static long? Free()
    {
        if (!File.Exists("/proc/meminfo"))
            return null;
        var line = File.ReadLines("/proc/meminfo").FirstOrDefault(line => line.StartsWith("MemAvailable:", StringComparison.Ordinal));
        return line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var kilobytes, ..] && long.TryParse(kilobytes, out var free) ? free << 10 : null;
    }
}
