using System.Diagnostics;
using System.Globalization;
using GpuWorker.Execution;
using GpuWorker.Policies;
using LLama;
using LLama.Common;
using LLama.Native;
using static TorchSharp.torch;

namespace ModelScale;

/// <summary>What <see cref="Generation"/> measures in float32 on the CPU, beside llama.cpp with weights of the same shape, in one run.</summary>
internal static class LlamaPeer
{
    private static readonly (int Rows, int Length)[] Prefills = [(1, 128), (1, 512), (8, 128)];
    private static readonly int[] Decodes = [1, 16, 64];

    public static int Run(int threads)
    {
        NativeLibraryConfig.All.WithLogCallback((_, _) => { });
        set_num_threads(threads);
        NoGcRegion.Renew();
        var limits = Limits.Measure(ScalarType.Float32, CPU);
        Say($"{threads} thread(s), float32: {limits.Flops / 1e9:0.0} GFLOP/s, {limits.BytesPerSecond / 1e9:0.0} GB/s");
        var (prefills, decodes) = Here();
        var file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.gguf");
        try
        {
            RandomGguf.Write(Shapes.HalfBillion, file);
            using var weights = LLamaWeights.LoadFromFile(Settings(file, threads, rows: 1));
            for (var i = 0; i < Prefills.Length; i++)
            {
                var (rows, length) = Prefills[i];
                Beside($"prefill {rows} x {length}", rows * length, prefills[i], PrefillSeconds(weights, Settings(file, threads, rows), rows, length));
            }

            for (var i = 0; i < Decodes.Length; i++)
                Beside($"decode {Decodes[i]} row(s) at {Generation.Context} tokens", Decodes[i], decodes[i], DecodeSeconds(weights, Settings(file, threads, Decodes[i]), Decodes[i]));
        }
        finally
        {
            File.Delete(file);
        }

        return 0;
    }

    private static (double[] Prefills, double[] Decodes) Here()
    {
        using var policy = PolicyWeights.Random(Shapes.HalfBillion, 1, CPU);
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var fused = FusedWeights.Fold(policy);
        var rotary = RotaryEmbedding.Table(policy.Config, 1024, ScalarType.Float32, CPU);
        return (
            [.. Prefills.Select(shape => Generation.PrefillSeconds(fused, rotary, shape.Rows, shape.Length))],
            [.. Decodes.Select(rows => Generation.DecodeSeconds(fused, rotary, rows))]);
    }

    private static ModelParams Settings(string file, int threads, int rows) => new(file)
    {
        ContextSize = (uint)(Math.Max(rows, 8) * 160 + 512),
        BatchSize = 1024,
        UBatchSize = 512,
        SeqMax = (uint)rows,
        GpuLayerCount = 0,
        Threads = threads,
        BatchThreads = threads,
        TypeK = GGMLType.GGML_TYPE_F32,
        TypeV = GGMLType.GGML_TYPE_F32,
    };

    private static double PrefillSeconds(LLamaWeights weights, ModelParams settings, int rows, int length)
    {
        using var context = weights.CreateContext(settings);
        return Best(3, () =>
        {
            context.NativeHandle.MemoryClear();
            LLamaBatch batch = new();
            for (var row = 0; row < rows; row++)
            {
                for (var at = 0; at < length; at++)
                    batch.Add((row * 131 + at * 17) % Shapes.HalfBillion.VocabSize, at, (LLamaSeqId)row, logits: at == length - 1);
            }

            return batch;
        }, context);
    }

    private static double DecodeSeconds(LLamaWeights weights, ModelParams settings, int rows)
    {
        using var context = weights.CreateContext(settings);
        for (var row = 0; row < rows; row++)
        {
            LLamaBatch prompt = new();
            for (var at = 0; at < Generation.Context; at++)
                prompt.Add((row * 131 + at * 17) % Shapes.HalfBillion.VocabSize, at, (LLamaSeqId)row, logits: false);
            Check(context.NativeHandle.Decode(prompt));
        }

        var position = Generation.Context;
        return Best(5, () =>
        {
            LLamaBatch batch = new();
            for (var row = 0; row < rows; row++)
                batch.Add((row * 7919 + position) % Shapes.HalfBillion.VocabSize, position, (LLamaSeqId)row, logits: true);
            position++;
            return batch;
        }, context);
    }

    private static double Best(int times, Func<LLamaBatch> next, LLamaContext context)
    {
        Check(context.NativeHandle.Decode(next()));
        var best = double.MaxValue;
        for (var i = 0; i < times; i++)
        {
            var batch = next();
            var started = Stopwatch.GetTimestamp();
            Check(context.NativeHandle.Decode(batch));
            _ = context.NativeHandle.GetLogitsIth(batch.TokenCount - 1)[0];
            best = Math.Min(best, Stopwatch.GetElapsedTime(started).TotalSeconds);
        }

        return best;
    }

    private static void Check(DecodeResult result)
    {
        if (result != DecodeResult.Ok)
            throw new InvalidOperationException($"Expected llama.cpp to decode the batch, found '{result}'.");
    }

    private static void Beside(string what, int tokens, double here, double there) => Say(
        $"{what}: {tokens / here:0.0} tokens/s here, {tokens / there:0.0} by llama.cpp: ratio {there / here:0.00}");

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
