using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using System.Text;
using static TorchSharp.torch;

namespace GpuWorker.Execution;

/// <summary>Names everything that the bits of a result depend on, besides the item and the build.</summary>
internal static class NumericsFingerprint
{
    /// <summary>E.g. <c>cpu;AuthenticAMD avx512;libtorch 2.10.0;float32;threads=1;lanes</c>: the maker counts, since the matrix library picks kernels by it;
    /// <c>lanes</c> where small policies are sampled with rows in vector lanes. On CUDA the device's name stands there, and its index nowhere: <c>cuda;NVIDIA
    /// A100 80GB PCIe;libtorch 2.10.0;float32;threads=1</c>.</summary>
    public static string Of(ComputeOptions options) => FormattableString.Invariant(
        $"{(options.Device == "cpu" ? $"cpu;{Processor()}" : $"cuda;{CudaDriver.Name(ComputeDevice.Index(options.Device))}")};libtorch {__version__};float32;threads={options.Threads}{(options.UsesLanes ? ";lanes" : "")}");

    private static string Processor()
    {
        if (!X86Base.IsSupported)
            return RuntimeInformation.ProcessArchitecture.ToString();

        var (_, b, c, d) = X86Base.CpuId(0, 0);
        var maker = Encoding.ASCII.GetString(MemoryMarshal.AsBytes<int>([b, d, c]));
        return $"{maker} {(Vector512.IsHardwareAccelerated ? "avx512" : Avx2.IsSupported ? "avx2" : "sse")}";
    }
}
