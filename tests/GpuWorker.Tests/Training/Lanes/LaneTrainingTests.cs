using Curriculum.Draws;
using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Work;
using GpuWorker.Execution;
using GpuWorker.Policies;
using GpuWorker.Rollouts.Lanes;
using GpuWorker.Training;
using static TorchSharp.torch;

namespace GpuWorker.Tests.Training.Lanes;

/// <summary>Training in vector lanes against libtorch in double precision.</summary>
[Trait("Speed", "fast")]
public sealed class LaneTrainingTests
{
    private static readonly PolicyConfig Small = PolicyConfig.Small(TwoDials.Characters);

    public LaneTrainingTests()
    {
        Assert.SkipUnless(LanesFit.Supported, "This processor has no registers of 512 bits.");
        set_num_threads(1);
        NoGcRegion.Renew();
    }

    public static TheoryData<string> Shapes => ["small", "few keys", "wide heads", "untied", "all rotate", "wide"];

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Loss_and_gradients_are_those_of_double_precision_up_to_rounding(string shape)
    {
        var config = Config(shape);
        foreach (var rows in (TrainingRow[][])[Grouped(config), Plain(config, start: 1), Long(config)])
        {
            var (loss, gradient) = Run(config, rows, ScalarType.Float32, lanes: true);
            var (expectedLoss, expected) = Run(config, rows, ScalarType.Float64, lanes: false);
            var (_, tensors) = Run(config, rows, ScalarType.Float32, lanes: false);
            Assert.Equal(expectedLoss, loss, Math.Abs(expectedLoss) * 1e-5 + 1e-6);
            var scale = Math.Sqrt(expected.Sum(g => g * g) / expected.Length);
            var (worst, ofTensors) = (Worst(gradient), Worst(tensors));
            Assert.True(worst < 3 * ofTensors, $"An element is off by {worst:E1} of the gradient's size, libtorch's in single precision by {ofTensors:E1}.");

            double Worst(double[] found) => found.Zip(expected, (a, b) => Math.Abs(a - b)).Max() / scale;
        }
    }

    [Fact]
    public void Rows_that_share_a_prefix_train_as_if_each_stood_alone()
    {
        var rows = Grouped(Small);
        var (together, apart) = (Run(Small, rows, ScalarType.Float32, lanes: true), Run(Small, rows, ScalarType.Float32, lanes: true, share: false));
        Assert.Equal(apart.Loss, together.Loss, 1e-5);
        var scale = Math.Sqrt(apart.Gradient.Sum(g => g * g) / apart.Gradient.Length);
        Assert.True(together.Gradient.Zip(apart.Gradient, (a, b) => Math.Abs(a - b)).Max() / scale < 1e-4);
    }

    [Fact]
    public void A_pack_whose_probabilities_would_take_too_much_memory_goes_through_tensors_bit_for_bit()
    {
        TrainingRow[] rows = [Row(Small, "longest", 5, 2_500)];
        Assert.Equal(Run(Small, rows, ScalarType.Float32, lanes: false).Gradient, Run(Small, rows, ScalarType.Float32, lanes: true).Gradient);
        TrainingRow[] shorter = [Row(Small, "longest", 5, 1_500)];
        Assert.NotEqual(Run(Small, shorter, ScalarType.Float32, lanes: false).Gradient, Run(Small, shorter, ScalarType.Float32, lanes: true).Gradient);
    }

    [Fact]
    public void Steps_repeat_bit_for_bit_and_use_the_weights_of_the_step_before()
    {
        byte[] Trained(bool lanes)
        {
            using var weights = PolicyWeights.Random(Small, 1, CPU);
            using PolicyOptimizer optimizer = new(weights, new() { LearningRate = 1e-2 });
            using Trainer trainer = new(weights, optimizer, LossKind.PolicyGradient, new() { Epochs = 2, Minibatches = 3, KlWeight = 0.1 }, 64) { Lanes = lanes };
            trainer.Train(WithoutReturns(Grouped(Small)), 1, _ => { });
            Assert.Equal(6, trainer.Metrics.OptimizerSteps);
            return weights.ToSafetensors().ToArray();
        }

        Assert.Equal(Trained(lanes: true), Trained(lanes: true));
        Assert.NotEqual(Trained(lanes: true), Trained(lanes: false));
        using var one = PolicyWeights.Load(Small, Trained(lanes: true), CPU);
        using var other = PolicyWeights.Load(Small, Trained(lanes: false), CPU);
        using var apart = (one.Flat - other.Flat).abs().max();
        Assert.True(apart.item<float>() < 2e-2, "Six steps went another way.");
    }

    [Fact]
    public void A_micro_batch_leaves_no_tensor_behind()
    {
        using var weights = PolicyWeights.Random(Small, 1, CPU);
        using PolicyOptimizer optimizer = new(weights, new());
        using Trainer trainer = new(weights, optimizer, LossKind.PolicyGradient, new(), 64) { Lanes = true };
        trainer.Train(WithoutReturns(Grouped(Small)), 1, _ => { });
        var before = TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var i = 0; i < 5; i++)
            trainer.Train(WithoutReturns(Grouped(Small)), 1, _ => { });
        Assert.Equal(before, TorchSharp.DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static (double Loss, double[] Gradient) Run(PolicyConfig config, TrainingRow[] rows, ScalarType type, bool lanes, bool share = true)
    {
        using var drawn = PolicyWeights.Random(config, 1, CPU);
        using (no_grad())
            drawn.Flat.mul_(2);
        using var weights = PolicyWeights.Load(config, drawn.ToSafetensors(), CPU, type);
        weights.SuppressTokens([config.VocabSize - 1]);
        using PolicyOptimizer optimizer = new(weights, new());
        using ValueHead values = new(config.HiddenSize, CPU, type);
        LossPlan loss = new() { DualClip = 3, KlWeight = 0.3, ValueWeight = 0.7 };
        using Trainer trainer = new(weights, optimizer, LossKind.PolicyGradient, loss, 64, values) { Lanes = lanes, SharePrefixes = share, Memory = new() { MicroBatchTokens = 512 } };
        var sum = trainer.Accumulate(rows, _ => { });
        using var gradient = weights.Gradient!.to(ScalarType.Float64);
        return (sum, [.. gradient.data<double>()]);
    }

    private static PolicyConfig Config(string shape) => shape switch
    {
        "few keys" => Small with { NumKeyValueHeads = 2 },
        "wide heads" => Small with { NumAttentionHeads = 2, NumKeyValueHeads = 2, HeadDim = 32 },
        "untied" => Small with { TieWordEmbeddings = false },
        "all rotate" => Small with { PartialRotaryFactor = 1 },
        "wide" => Small with { HiddenSize = 128, IntermediateSize = 352, NumHiddenLayers = 2 },
        _ => Small,
    };

    // Branches of every kind of length, one of nothing but a target, and a row of its own.
    private static TrainingRow[] Grouped(PolicyConfig config) =>
        [.. ((int[])[1, 2, 3, 12, 16, 17, 18, 33, 40]).Select(own => Row(config, "group", 21, own)), .. ((int[])[1, 5, 15]).Select(own => Row(config, "other", 16, own)), Row(config, "lone", 7, 30)];

    private static TrainingRow[] Plain(PolicyConfig config, int start) => [.. Enumerable.Range(0, 7).Select(i => Row(config, $"plain/{i}", start, 3 + 13 * i))];

    // Longer than a product is deep at once, in prefix and branch.
    private static TrainingRow[] Long(PolicyConfig config) => [Row(config, "long", 290, 280), Row(config, "long", 290, 12), Row(config, "long", 290, 13)];

    private static TrainingRow[] WithoutReturns(TrainingRow[] rows) => [.. rows.Select(row => row with { Returns = null })];

    private static TrainingRow Row(PolicyConfig config, string prompt, int prefix, int own)
    {
        var (before, after) = (KeyedRandom.Stream($"lanes/{prompt}"), KeyedRandom.Stream($"lanes/{prompt}/{own}"));
        int[] Tokens(KeyedRandom random, int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextInt(config.VocabSize - 1))];
        float[] Numbers(double from, double to) => [.. Enumerable.Range(0, own).Select(_ => (float)(from + (to - from) * after.NextDouble()))];
        return new([.. Tokens(before, prefix), .. Tokens(after, own)], prefix, Numbers(-1, 1.5), Numbers(-5, -2)) { ReferenceLogProbs = Numbers(-5, -2), Returns = Numbers(-1, 1) };
    }
}
