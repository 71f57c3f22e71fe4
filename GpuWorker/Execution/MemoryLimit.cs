namespace GpuWorker.Execution;

/// <summary>What memory there is for policies.</summary>
internal static class MemoryLimit
{
    /// <summary>Bytes; null where nothing is known.</summary>
    /// <remarks>On a CPU without a setting: what the container or machine allows beyond what this process has already, and no more than is free now.</remarks>
    public static long? Of(ComputeOptions options)
    {
        if (options.MemoryMegabytes > 0)
            return (long)options.MemoryMegabytes << 20;
        if (options.Device != "cpu")
            return null;

        var allowed = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
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
