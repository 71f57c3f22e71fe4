using System.Diagnostics;
using System.Globalization;
using Curriculum.Problems;
using GpuWorker.Execution;
using GpuWorker.Policies;
using GpuWorker.Rollouts;
using GpuWorker.Rollouts.Lanes;
using static TorchSharp.torch;

namespace ModelScale;

/// <summary>Rollouts of policies with random weights on one thread of the CPU: with tensors, and of the small ones with rows in vector lanes.</summary>
/// <remarks>
/// Work is counted as products and attention need it at least: two operations for each parameter of layers and output per token, prompts read once per group, and four for each
/// feature of each token that attention sees. The packing of the weights is part of no figure but its own.
/// </remarks>
internal static class LaneRollouts
{
    private const int Times = 7;

    public static int Run()
    {
        var limits = Limits.OfOneThread();
        Measure("d64 L3, 256 rows", Shapes.Small, (32, 8, 40, 32), limits);
        Measure("d64 L3, SRL's shape", Shapes.Small, (32, 8, 42, 8), limits);
        Measure("d64 L3, RLVR's shape", Shapes.Small, (12, 16, 42, 31), limits);
        Measure("d64 L3, evaluation's shape, greedy", Shapes.Small, (64, 1, 40, 60), limits);
        Measure("d128 L4, 256 rows", Shapes.Wide, (32, 8, 40, 12), limits);
        Measure("d128 L4, 256 rows", Shapes.Wide, (32, 8, 40, 32), limits);
        foreach (var prompts in (int[])[4, 16, 32])
            Measure(FormattableString.Invariant($"d512 L8, vocabulary 32,000, {prompts * 8} rows"), Shapes.Forty, (prompts, 8, 128, 32), limits);
        return 0;
    }

    private static void Measure(string name, PolicyConfig config, (int Prompts, int Group, int Length, int Tokens) shape, Limits limits)
    {
        using LoadedPolicy policy = new(PolicyWeights.Random(config, 1, CPU), lanes: true);
        var prompts = Enumerable.Range(0, shape.Prompts).Select(p => new GenerationPrompt(
            [.. Enumerable.Range(0, shape.Length).Select(i => (p * 131 + i * 17) % config.VocabSize)],
            -1,
            [.. Enumerable.Range(0, shape.Group).Select(s => shape.Group == 1 ? null : Rollouts.Draws(p * shape.Group + s))])).ToArray();
        var (rows, flops) = (shape.Prompts * shape.Group, Flops(config, shape));
        double read = shape.Prompts * shape.Length + rows * shape.Tokens;
        string Rate(double seconds) => limits.Rate(read, flops, seconds);
        double Tensors() => Limits.Seconds(() => new CompletionGenerator(policy.Weights).Generate(prompts, shape.Tokens, 1, _ => NoGcRegion.Renew()));
        var called = $"{name}, {shape.Prompts} prompts of {shape.Length} x {shape.Group} x {shape.Tokens}";
        var started = Stopwatch.GetTimestamp();
        if (policy.Packed is not { } packed)
        {
            Tensors();
            Say($"{called}\n  tensors {Rate(Math.Min(Tensors(), Tensors()))}");
            return;
        }

        var packing = Stopwatch.GetElapsedTime(started);
        var (tensors, lanes) = (double.MaxValue, double.MaxValue);
        for (var i = 0; i < Times; i++)
        {
            tensors = Math.Min(tensors, Tensors());
            lanes = Math.Min(lanes, Limits.Seconds(() => new LaneGenerator(packed).Generate(prompts, shape.Tokens, 1, _ => NoGcRegion.Renew())));
        }

        Say($"{called}: packed in {packing.TotalMilliseconds:0.0} ms");
        Say($"  tensors {Rate(tensors)}");
        Say($"  lanes   {Rate(lanes)}: x {tensors / lanes:0.0}");
    }

    private static double Flops(PolicyConfig config, (int Prompts, int Group, int Length, int Tokens) shape)
    {
        var (rows, next) = (shape.Prompts * shape.Group, shape.Tokens - 1);
        return 2 * Shapes.LayerWeights(config) * (shape.Prompts * shape.Length + rows * next)
            + 2.0 * config.VocabSize * config.HiddenSize * (shape.Prompts + rows * next)
            + 4 * (shape.Prompts * Shapes.Attended(config, 0, shape.Length) + rows * Shapes.Attended(config, shape.Length, next));
    }

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
