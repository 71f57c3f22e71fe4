using System.Globalization;
using System.Text.RegularExpressions;
using static TorchSharp.torch;

namespace GpuWorker.Execution;

/// <summary>The device that a worker was told to compute on.</summary>
internal static partial class ComputeDevice
{
    /// <summary>Whether it is <c>cpu</c>, <c>cuda</c> or <c>cuda:N</c>.</summary>
    public static bool IsName(string device) => Pattern().IsMatch(device);

    /// <summary>The device, after checking that it exists.</summary>
    /// <exception cref="ArgumentException">There is no such device here; the message says what there is.</exception>
    public static Device Open(string name)
    {
        if (!IsName(name))
            throw new ArgumentException($"Expected device cpu, cuda or cuda: and an index, found '{name}'.", nameof(name));
        if (name == "cpu")
            return CPU;

        var (index, count) = (Index(name), cuda.is_available() ? cuda.device_count() : 0);
        if (index >= count)
        {
            throw new ArgumentException(
                count == 0
                    ? $"Expected a CUDA device for '{name}', found none: this build's libtorch {__version__} is for CPUs only, or the machine has no GPU or no driver. Set Compute:Device to cpu, or use the CUDA build on a machine with a GPU."
                    : $"Expected CUDA device {index}, found {count} (0 to {count - 1}): set Compute:Device to one of them.",
                nameof(name));
        }

        DeterministicAlgorithms.Request();
        return device(TorchSharp.DeviceType.CUDA, index);
    }

    /// <summary>What is used and what is available, e.g. <c>cpu (1 thread, no CUDA device, 8000 MB for policies)</c> or <c>cuda:0 (NVIDIA A100 80GB PCIe, 1
    /// thread, 1 CUDA device, 73000 MB for policies)</c>.</summary>
    public static string Describe(ComputeOptions options)
    {
        var count = cuda.is_available() ? cuda.device_count() : 0;
        var found = count == 0 ? "no CUDA device" : $"{count} CUDA device{(count == 1 ? "" : "s")}";
        var name = options.Device == "cpu" ? "" : $"{CudaDriver.Name(Index(options.Device))}, ";
        return string.Create(
            CultureInfo.InvariantCulture, $"{options.Device} ({name}{options.Threads} thread{(options.Threads == 1 ? "" : "s")}, {found}, {MemoryLimit.Of(options) >> 20} MB for policies)");
    }

    /// <summary>The index that a name of a CUDA device gives, 0 where it gives none.</summary>
    public static int Index(string name) => name.Split(':') is [_, var index] ? int.Parse(index, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex(@"^(cpu|cuda(:\d{1,3})?)\z")]
    private static partial Regex Pattern();
}
