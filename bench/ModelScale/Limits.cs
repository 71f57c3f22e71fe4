using System.Diagnostics;
using System.Globalization;
using GpuWorker.Execution;
using static TorchSharp.torch;

namespace ModelScale;

/// <summary>What the machine can do at best, measured in the same process: products of large matrices, and reading memory.</summary>
/// <param name="Flops">Multiplications and additions a second.</param>
/// <param name="BytesPerSecond">Of a product of one row with matrices far larger than the caches, which reads each element once.</param>
internal sealed record Limits(double Flops, double BytesPerSecond)
{
    /// <summary>Those of one thread of the CPU in single precision, said too.</summary>
    public static Limits OfOneThread()
    {
        set_num_threads(1);
        NoGcRegion.Renew();
        var limits = Measure(ScalarType.Float32, CPU);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"one thread, float32: sgemm {limits.Flops / 1e9:0.0} GFLOP/s"));
        return limits;
    }

    /// <summary>Seconds of a run, without a collection in it.</summary>
    public static double Seconds(Action run)
    {
        NoGcRegion.Renew();
        var started = Stopwatch.GetTimestamp();
        run();
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>So many tokens and operations in so many seconds, in words.</summary>
    public string Rate(double tokens, double flops, double seconds) => string.Create(
        CultureInfo.InvariantCulture, $"{seconds * 1e3:0.0} ms, {tokens / seconds:0} tokens/s, {flops / seconds / 1e9:0.0} GFLOP/s, {flops / seconds / Flops:0%} of sgemm");

    public static Limits Measure(ScalarType type, Device device)
    {
        using var scope = NewDisposeScope();
        using var none = inference_mode();
        var cpu = device.type == TorchSharp.DeviceType.CPU;
        var n = cpu ? 2048L : 8192;
        var (a, b) = (randn([n, n], device: device).to(type), randn([n, n], device: device).to(type));
        var flops = 2.0 * n * n * n / Best(() => a.mm(b), 5);

        // 256 MB of summing, 4 GB on a GPU: a plain stream of reads.
        var large = ones([(cpu ? 64L : 1024) << 20], device: device);
        var bytes = (double)(large.numel() * 4);
        return new(flops, bytes / Best(() => large.sum(), 5));
    }

    /// <summary>Seconds of the fastest of several runs, each waited for.</summary>
    public static double Best(Func<Tensor> run, int times)
    {
        Wait(run());
        var best = double.MaxValue;
        for (var i = 0; i < times; i++)
        {
            NoGcRegion.Renew();
            var started = Stopwatch.GetTimestamp();
            Wait(run());
            best = Math.Min(best, Stopwatch.GetElapsedTime(started).TotalSeconds);
        }

        return best;
    }

    private static void Wait(Tensor result)
    {
        if (result.device.type == TorchSharp.DeviceType.CUDA)
            cuda.synchronize(result.device);
        result.Dispose();
    }
}
