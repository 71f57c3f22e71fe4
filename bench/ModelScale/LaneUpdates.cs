using System.Diagnostics;
using System.Globalization;
using Curriculum.Problems;
using Curriculum.Work;
using GpuWorker.Execution;
using GpuWorker.Policies;
using GpuWorker.Training;
using static TorchSharp.torch;

namespace ModelScale;

/// <summary>Gradients of small policies with random weights on one thread of the CPU: with libtorch's operations, and in vector lanes.</summary>
/// <remarks>
/// Work is counted as products and attention need it at least, forward once and back twice: six operations for each parameter of layers and output per token, a shared
/// prompt once, and twelve for each feature of each token that attention sees. The loss is part of the time, the optimiser's step is not.
/// </remarks>
internal static class LaneUpdates
{
    private const int Times = 9;

    public static int Run()
    {
        var limits = Limits.OfOneThread();
        Measure("d64 L3, SRL's shape", Shapes.Small, (30, 6, 56, 9), limits);
        Measure("d64 L3, RLVR's shape", Shapes.Small, (8, 8, 27, 56), limits);
        Measure("d64 L3, plain rows", Shapes.Small, (64, 1, 1, 64), limits);
        Measure("d128 L4, plain rows", Shapes.Wide, (64, 1, 1, 64), limits);
        return 0;
    }

    private static void Measure(string name, PolicyConfig config, (int Prompts, int Group, int Prompt, int Tokens) shape, Limits limits)
    {
        using var weights = PolicyWeights.Random(config, 1, CPU);
        using PolicyOptimizer optimizer = new(weights, new());
        Random random = new(1);
        int[] Tokens(int count) => [.. Enumerable.Range(0, count).Select(_ => random.Next(config.VocabSize))];
        TrainingRow[] rows = [.. Enumerable.Range(0, shape.Prompts).SelectMany(_ =>
        {
            var prompt = Tokens(shape.Prompt);
            return Enumerable.Range(0, shape.Group).Select(_ => new TrainingRow(
                [.. prompt, .. Tokens(shape.Tokens)], shape.Prompt, [.. Enumerable.Repeat(0.5f, shape.Tokens)], [.. Enumerable.Repeat(-3.5f, shape.Tokens)]));
        })];
        using Trainer tensors = new(weights, optimizer, LossKind.PolicyGradient, new(), shape.Tokens);
        using Trainer lanes = new(weights, optimizer, LossKind.PolicyGradient, new(), shape.Tokens) { Lanes = true };
        var (ofTensors, ofLanes) = (double.MaxValue, double.MaxValue);
        for (var i = 0; i < Times; i++)
        {
            ofTensors = Math.Min(ofTensors, Limits.Seconds(() => tensors.Accumulate(rows, _ => { })));
            ofLanes = Math.Min(ofLanes, Limits.Seconds(() => lanes.Accumulate(rows, _ => { })));
        }

        double read = shape.Prompts * (shape.Prompt + shape.Group * (double)shape.Tokens);
        var flops = Flops(config, shape);
        string Rate(double seconds) => limits.Rate(read, flops, seconds);
        Say($"{name}, {shape.Prompts} prompts of {shape.Prompt} x {shape.Group} x {shape.Tokens}");
        Say($"  tensors {Rate(ofTensors)}");
        Say($"  lanes   {Rate(ofLanes)}: x {ofTensors / ofLanes:0.0}");
    }

    // The last token of a row is only a target, and only what predicts one reaches the output.
    private static double Flops(PolicyConfig config, (int Prompts, int Group, int Prompt, int Tokens) shape)
    {
        var inputs = shape.Prompts * (shape.Prompt + shape.Group * (shape.Tokens - 1.0));
        return 6 * Shapes.LayerWeights(config) * inputs
            + 6.0 * config.VocabSize * config.HiddenSize * shape.Prompts * shape.Group * shape.Tokens
            + 12 * shape.Prompts * (Shapes.Attended(config, 0, shape.Prompt) + shape.Group * Shapes.Attended(config, shape.Prompt, shape.Tokens - 1));
    }

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
