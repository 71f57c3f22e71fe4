using System.Runtime.InteropServices;
using System.Text;

namespace GpuWorker.Execution;

/// <summary>What the CUDA driver knows of a device. TorchSharp exposes only the number of devices.</summary>
/// <remarks>Indices are those of libtorch: both count the devices in <c>CUDA_VISIBLE_DEVICES</c>.</remarks>
internal static class CudaDriver
{
    /// <summary>E.g. <c>NVIDIA A100 80GB PCIe</c>.</summary>
    public static string Name(int index)
    {
        var name = new byte[256];
        Check(DeviceGetName(name, name.Length, Open(index)), nameof(DeviceGetName));
        return Encoding.UTF8.GetString(name, 0, Math.Max(0, Array.IndexOf(name, (byte)0)));
    }

    /// <summary>Total memory of the device in bytes.</summary>
    public static long Memory(int index)
    {
        Check(DeviceTotalMemory(out var bytes, Open(index)), nameof(DeviceTotalMemory));
        return (long)bytes;
    }

    /// <summary>Where the device is on the machine's bus, e.g. <c>0000:3B:00.0</c>.</summary>
    public static string BusId(int index)
    {
        var id = new byte[32];
        Check(DeviceGetBusId(id, id.Length, Open(index)), nameof(DeviceGetBusId));
        return Encoding.ASCII.GetString(id, 0, Math.Max(0, Array.IndexOf(id, (byte)0)));
    }

    private static int Open(int index)
    {
        Check(Initialize(0), nameof(Initialize));
        Check(DeviceGet(out var device, index), nameof(DeviceGet));
        return device;
    }

    private static void Check(int result, string call)
    {
        if (result != 0)
            throw new InvalidOperationException($"Expected the CUDA driver to answer {call}, found error {result} (cuda.h, CUresult).");
    }

    // The driver's own library, which comes with the device and not with libtorch: libcuda.so.1, on Windows nvcuda.dll.
    private const string Library = "cuda-driver";

    static CudaDriver() => NativeLibrary.SetDllImportResolver(
        typeof(CudaDriver).Assembly,
        (name, _, _) => name == Library ? NativeLibrary.Load(OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1") : 0);

    [DllImport(Library, EntryPoint = "cuInit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Initialize(uint flags);

    [DllImport(Library, EntryPoint = "cuDeviceGet")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int DeviceGet(out int device, int index);

    [DllImport(Library, EntryPoint = "cuDeviceGetName")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int DeviceGetName([Out] byte[] name, int length, int device);

    [DllImport(Library, EntryPoint = "cuDeviceTotalMem_v2")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int DeviceTotalMemory(out nuint bytes, int device);

    [DllImport(Library, EntryPoint = "cuDeviceGetPCIBusId")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int DeviceGetBusId([Out] byte[] id, int length, int device);
}
