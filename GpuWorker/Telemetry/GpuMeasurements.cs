using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;
using Curriculum.Telemetry;
using GpuWorker.Execution;

namespace GpuWorker.Telemetry;

/// <summary>Memory and utilisation of the GPU that a worker computes on, as the driver's management library says; nothing on a CPU.</summary>
/// <remarks>Memory is what all processes on the device hold. A partition of a GPU (MIG) has no utilisation, and none is reported.</remarks>
internal static class GpuMeasurements
{
    public static void Observe(string device)
    {
        if (device == "cpu" || Open(CudaDriver.BusId(ComputeDevice.Index(device))) is not { } handle)
            return;
        Signals.Meter.CreateObservableGauge("curriculum.gpu.memory", () => Memory(handle), "By", "Memory of the GPU in use.");
        Signals.Meter.CreateObservableGauge("curriculum.gpu.utilization", () => Utilization(handle), "1", "Share of the last moment in which the GPU computed.");
    }

    private static nint? Open(string busId)
    {
        try
        {
            return Initialize() == 0 && DeviceByBusId(busId, out var device) == 0 ? device : null;
        }
        catch (DllNotFoundException)
        {
            return null;
        }
    }

    private static IEnumerable<Measurement<long>> Memory(nint device) =>
        MemoryOf(device, out var memory) == 0 ? [new((long)memory.Used)] : [];

    private static IEnumerable<Measurement<double>> Utilization(nint device) =>
        UtilizationOf(device, out var share) == 0 ? [new(share.Gpu / 100.0)] : [];

    private const string Library = "libnvidia-ml.so.1";

    [StructLayout(LayoutKind.Sequential)]
    private struct MemoryInfo
    {
        public ulong Total;
        public ulong Free;
        public ulong Used;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct UtilizationInfo
    {
        public uint Gpu;
        public uint Memory;
    }

    [DllImport(Library, EntryPoint = "nvmlInit_v2")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Initialize();

    [DllImport(Library, EntryPoint = "nvmlDeviceGetHandleByPciBusId_v2", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int DeviceByBusId(string busId, out nint device);

    [DllImport(Library, EntryPoint = "nvmlDeviceGetMemoryInfo")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int MemoryOf(nint device, out MemoryInfo memory);

    [DllImport(Library, EntryPoint = "nvmlDeviceGetUtilizationRates")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int UtilizationOf(nint device, out UtilizationInfo utilization);
}
