using System.Diagnostics;
using System.Globalization;
using Curriculum.Draws;
using GpuWorker.Execution;
using GpuWorker.Policies;
using GpuWorker.Policies.Decoding;
using GpuWorker.Rollouts;
using static TorchSharp.torch;

namespace ModelScale;

/// <summary>Prefill and decoding at Qwen2.5-0.5B's shape with random weights, and what share of the machine's limits they reach.</summary>
/// <remarks>
/// Prefill is bound by products: two operations per parameter of the layers and token (the output product runs for the last token only). Decoding of few rows is bound by
/// memory: every step reads all parameters once.
/// </remarks>
internal static class Generation
{
    /// <summary>Tokens before the one that is decoded.</summary>
    internal const int Context = 128;

    public static int Run(string precision, int threads, string deviceName)
    {
        set_num_threads(threads);
        NoGcRegion.Renew();
        var device = ComputeDevice.Open(deviceName);
        var type = precision == "bfloat16" ? ScalarType.BFloat16 : ScalarType.Float32;
        var config = Shapes.HalfBillion;
        var limits = Limits.Measure(type, device);
        Say($"{ComputeDevice.Describe(new() { Device = deviceName, Threads = threads })}, {precision}: {limits.Flops / 1e9:0.0} GFLOP/s, {limits.BytesPerSecond / 1e9:0.0} GB/s");

        using var policy = PolicyWeights.Random(config, 1, device, type);
        using var scope = NewDisposeScope();
        using var inference = inference_mode();
        var fused = FusedWeights.Fold(policy);
        double parameters = policy.Flat.numel();
        double layers = parameters - config.VocabSize * (double)config.HiddenSize;
        var bytes = parameters * policy.Flat.element_size();
        var rotary = RotaryEmbedding.Table(config, 1024, type, device);

        foreach (var (rows, length) in ((int, int)[])[(1, 128), (1, 512), (8, 128)])
        {
            var seconds = PrefillSeconds(fused, rotary, rows, length);
            var flops = 2 * layers * rows * length + 2.0 * config.VocabSize * config.HiddenSize * rows;
            Say($"prefill {rows} x {length}: {rows * length / seconds:0} tokens/s, {flops / seconds / limits.Flops:0%} of the matmul limit");
        }

        foreach (var rows in (int[])[1, 4, 16, 64])
        {
            var seconds = DecodeSeconds(fused, rotary, rows);
            Say($"decode {rows} row(s) at {Context} tokens: {rows / seconds:0.0} tokens/s, {bytes / seconds / limits.BytesPerSecond:0%} of the memory limit, {2 * parameters * rows / seconds / limits.Flops:0%} of the matmul limit");
        }

        // What a rollout item does: prompts read, tokens drawn one by one.
        foreach (var rows in deviceName == "cpu" ? (int[])[16] : [64, 256, 1024])
        {
            const int length = 64;
            var prompts = Enumerable.Range(0, rows / 8).Select(p => new GenerationPrompt(
                [.. Enumerable.Range(0, 128).Select(i => (p * 131 + i * 17) % config.VocabSize)], -1, [.. Enumerable.Range(0, 8).Select(s => Draws(p * 8 + s))])).ToArray();
            CompletionGenerator generator = new(policy);
            double Seconds()
            {
                var started = Stopwatch.GetTimestamp();
                generator.Generate(prompts, length, 1, _ => NoGcRegion.Renew());
                return Stopwatch.GetElapsedTime(started).TotalSeconds;
            }

            Seconds();
            Say($"rollouts, {rows / 8} prompts of 128 tokens x 8 samples of {length}, drawn: {rows * length / Seconds():0} tokens/s");
        }

        return 0;
    }

    /// <summary>Seconds in which rows of random tokens are read and the logits after the last of each are known.</summary>
    internal static double PrefillSeconds(FusedWeights fused, Tensor rotary, int rows, int length)
    {
        var config = fused.Config;
        var tokens = randint(0, config.VocabSize, [rows, length], ScalarType.Int64, device: fused.Embedding.device);
        using KeyValueCache cache = new(config, rows, length, fused.Embedding.dtype, fused.Embedding.device);
        return Limits.Best(() => Once(() => Transformer.Logits(fused, Transformer.HiddenStates(fused, tokens, rotary, cache).select(1, length - 1))), 3);
    }

    /// <summary>Seconds of the token after <see cref="Context"/> others, for each of so many rows with a context of its own.</summary>
    internal static double DecodeSeconds(FusedWeights fused, Tensor rotary, int rows)
    {
        var config = fused.Config;
        KeyValueCache read = new(config, rows, Context, fused.Embedding.dtype, fused.Embedding.device);
        using CachedDecoder decoder = new(fused, read, null, [.. Enumerable.Range(0, rows)], 8);
        var next = randint(0, config.VocabSize, [rows], ScalarType.Int64, device: fused.Embedding.device);
        var turns = rotary.narrow(0, Context, 1).expand(rows, config.HeadSize / 2);
        return Limits.Best(() => Once(() => decoder.Next(next, turns)), 5);
    }

    private static Func<int, double> Draws(int row)
    {
        var stream = KeyedRandom.Stream(FormattableString.Invariant($"bench/{row}"));
        return position => stream.DoubleAt((ulong)position);
    }

    private static Tensor Once(Func<Tensor> run)
    {
        using var scope = NewDisposeScope();
        return run().MoveToOuterDisposeScope();
    }

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
