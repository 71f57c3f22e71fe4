using Curriculum.Draws;
using Curriculum.Plans;
using Curriculum.Work;
using GpuWorker.Execution;
using GpuWorker.Items;
using GpuWorker.Policies;
using GpuWorker.Training;
using static TorchSharp.torch;

namespace GpuWorker.Tests.Training;

[Trait("Speed", "fast")]
public sealed class TrainerTests
{
    public TrainerTests()
    {
        set_num_threads(1);
        NoGcRegion.Renew();
    }

    internal static readonly PolicyConfig Tiny = new()
    {
        HiddenSize = 8,
        NumHiddenLayers = 2,
        NumAttentionHeads = 4,
        NumKeyValueHeads = 2,
        HeadDim = 4,
        IntermediateSize = 6,
        VocabSize = 5,
        PartialRotaryFactor = 0.5,
        TieWordEmbeddings = true,
    };

    [Theory]
    [InlineData(LossKind.PolicyGradient, true, 4)]
    [InlineData(LossKind.PolicyGradient, false, 16)]
    [InlineData(LossKind.Likelihood, true, 16)]
    public void Gradients_equal_finite_differences(LossKind kind, bool tied, int headSize)
    {
        using var weights = PolicyWeights.Random(Tiny with { TieWordEmbeddings = tied, HeadDim = headSize }, 1, CPU, ScalarType.Float64);
        using PolicyOptimizer optimizer = new(weights, new());
        using Trainer trainer = new(weights, optimizer, kind, new() { Clipping = false }, 8);
        TrainingRow[] rows =
        [
            new([1, 2, 3, 4, 0, 1], 2, [1.5f, -0.5f, 0.25f, 2], [-1.5f, -1.7f, -1.4f, -1.6f]),
            new([4, 3, 3], 1, [-1, 0.75f], [-1.2f, -1.9f]),
        ];
        trainer.Accumulate(rows, _ => { });
        double[] analytic = [.. weights.Gradient!.data<double>()];

        const double h = 1e-5;
        for (var i = 0; i < analytic.Length; i += 23)
        {
            Move(weights.Flat, i, h);
            var above = trainer.Accumulate(rows, _ => { });
            Move(weights.Flat, i, -2 * h);
            var below = trainer.Accumulate(rows, _ => { });
            Move(weights.Flat, i, h);
            Assert.Equal((above - below) / (2 * h), analytic[i], 1e-6);
        }
    }

    // Every part of the loss at once: clip, dual clip, divergence, values, a given token; the values' own parameters too.
    [Theory]
    [InlineData(LossAggregation.TokenMean)]
    [InlineData(LossAggregation.SequenceMeanTokenMean)]
    [InlineData(LossAggregation.SequenceMeanTokenSum)]
    [InlineData(LossAggregation.SequenceMeanTokenSumNorm)]
    public void Gradients_of_the_whole_loss_equal_finite_differences(LossAggregation aggregation)
    {
        using var weights = PolicyWeights.Random(Tiny with { HeadDim = 4 }, 1, CPU, ScalarType.Float64);
        using PolicyOptimizer optimizer = new(weights, new());
        using ValueHead values = new(Tiny.HiddenSize, CPU, ScalarType.Float64);
        Fill(values.Weights, i => 0.1 * (i % 5) - 0.2);
        LossPlan loss = new() { Aggregation = aggregation, DualClip = 3, KlWeight = 0.3, ValueWeight = 0.7 };
        using Trainer trainer = new(weights, optimizer, LossKind.PolicyGradient, loss, 8, values);
        TrainingRow[] rows =
        [
            new([1, 2, 3, 4, 0, 1], 2, [1.5f, -0.5f, 0.25f, -2], [-1.5f, -1.9f, -1.4f, -4.6f])
            {
                ReferenceLogProbs = [-1.2f, -2.5f, -1.6f, -1.1f], Returns = [1, 0.5f, 9, -0.25f], ForcedTokens = new HashSet<int> { 2 },
            },
            new([4, 3, 3], 1, [-1, 0.75f], [-1.2f, -1.3f]) { ReferenceLogProbs = [-1.9f, -1.4f], Returns = [0, 0.125f] },
        ];
        trainer.Accumulate(rows, _ => { });
        double[] analytic = [.. weights.Gradient!.data<double>()];
        double[] ofValues = [.. values.Weights.grad!.data<double>()];

        const double h = 1e-5;
        double Slope(Tensor parameters, int i)
        {
            Move(parameters, i, h);
            var above = trainer.Accumulate(rows, _ => { });
            Move(parameters, i, -2 * h);
            var below = trainer.Accumulate(rows, _ => { });
            Move(parameters, i, h);
            return (above - below) / (2 * h);
        }

        for (var i = 0; i < analytic.Length; i += 29)
            Assert.Equal(Slope(weights.Flat, i), analytic[i], 1e-6);
        for (var i = 0; i < ofValues.Length; i++)
            Assert.Equal(Slope(values.Weights, i), ofValues[i], 1e-6);
    }

    // Uniform logits over 5 tokens: p = 1/5 everywhere, whatever the parameters of the layers, where the embedding is 0.
    // Old log-probabilities log 0.2 make every ratio 1; row losses are then -A, and the four means of -A are known.
    [Theory]
    [InlineData(LossAggregation.TokenMean, -(3 + 1 + 1 + 1) / 4.0)]
    [InlineData(LossAggregation.SequenceMeanTokenMean, -(3 + 1) / 2.0)]
    [InlineData(LossAggregation.SequenceMeanTokenSum, -(3 + 3) / 2.0)]
    [InlineData(LossAggregation.SequenceMeanTokenSumNorm, -(3 / 10.0 + 3 / 10.0) / 2)]
    public void The_loss_of_a_step_is_the_mean_worked_by_hand(LossAggregation aggregation, double expected)
    {
        var uniform = MathF.Log(0.2f);
        TrainingRow[] rows = [new([1, 2], 1, [3], [uniform]), new([1, 2, 3, 4], 1, [1, 1, 1], [uniform, uniform, uniform])];
        Assert.Equal(expected, Uniform(new() { Aggregation = aggregation }, rows), 1e-6);

        // A token that was given counts in no mean: the first two of the second row's three.
        TrainingRow[] masked = [rows[0], rows[1] with { ForcedTokens = new HashSet<int> { 0, 1 } }];
        var left = aggregation switch
        {
            LossAggregation.TokenMean => -(3 + 1) / 2.0,
            LossAggregation.SequenceMeanTokenMean => -(3 + 1) / 2.0,
            LossAggregation.SequenceMeanTokenSum => -(3 + 1) / 2.0,
            _ => -(3 / 10.0 + 1 / 10.0) / 2,
        };
        Assert.Equal(left, Uniform(new() { Aggregation = aggregation }, masked), 1e-6);
    }

    // p = 0.2 against a reference of 0.4: k3 = 2 - log 2 - 1; the new head says 0, so a return of 2 costs 2.
    [Fact]
    public void A_divergence_and_values_are_added_at_their_weights()
    {
        TrainingRow row = new([1, 2], 1, [3], [MathF.Log(0.2f)]) { ReferenceLogProbs = [MathF.Log(0.4f)], Returns = [2] };
        Assert.Equal(-3 + 0.5 * (1 - Math.Log(2)) + 0.25 * 2, Uniform(new() { KlWeight = 0.5, ValueWeight = 0.25 }, [row]), 1e-6);
    }

    // The layers add nothing to an embedding of ones, whose norm is ones: the logits are 0 and ln 3. At temperature 0.5 token 1 has 9 of 10, at 2 sqrt 3 of 1 + sqrt 3.
    [Theory]
    [InlineData(0.5, 0.9)]
    [InlineData(1, 0.75)]
    [InlineData(2, 0.63397459621556)]
    public void Probabilities_are_those_of_the_policy_that_draws_at_the_temperature(double temperature, double probability)
    {
        using var weights = PolicyWeights.Random(Tiny with { VocabSize = 2, TieWordEmbeddings = false }, 1, CPU, ScalarType.Float64);
        using (no_grad())
        {
            weights.Flat.narrow(0, weights.Layout.MatricesAt, weights.Flat.numel() - weights.Layout.MatricesAt).zero_();
            weights.Embedding.fill_(1);
            weights.Output[0].zero_();
            weights.Output[1].fill_(Math.Log(3) / Tiny.HiddenSize);
        }

        // The ratio to an old probability of 1/2, at an advantage of 1; and k3 against a reference of 1/2.
        using PolicyOptimizer optimizer = new(weights, new());
        using Trainer trainer = new(weights, optimizer, LossKind.PolicyGradient, new() { Clipping = false, KlWeight = 0.5 }, 10) { Temperature = temperature };
        var (ratio, half) = (probability / 0.5, MathF.Log(0.5f));
        TrainingRow row = new([0, 1], 1, [1], [half]) { ReferenceLogProbs = [half] };
        Assert.Equal(-ratio + 0.5 * (1 / ratio + Math.Log(ratio) - 1), trainer.Accumulate([row], _ => { }), 1e-5);

        // The slope of the probability in token 1's logit is p (1 - p) / T; every number of its row counts once.
        var slope = probability * (1 - probability) / temperature;
        var expected = -slope / 0.5 + 0.5 * (1 - 1 / ratio) * slope / probability;
        Assert.Equal(expected, weights.Gradient![weights.Layout.Output.Offset + Tiny.HiddenSize].item<double>(), 1e-5);
    }

    private static double Uniform(LossPlan loss, TrainingRow[] rows)
    {
        using var weights = PolicyWeights.Random(Tiny, 1, CPU, ScalarType.Float64);
        using PolicyOptimizer optimizer = new(weights, new());
        using (no_grad())
            weights.Embedding.zero_();
        using ValueHead values = new(Tiny.HiddenSize, CPU, ScalarType.Float64);
        using Trainer trainer = new(weights, optimizer, LossKind.PolicyGradient, loss, 10, values);
        return trainer.Accumulate(rows, _ => { });
    }

    [Fact]
    public void Rows_that_share_a_prefix_train_as_if_each_stood_alone()
    {
        int[] prefix = [1, 2, 3, 4, 0, 1, 3, 3, 2];
        TrainingRow[] rows =
        [
            .. Enumerable.Range(0, 5).Select(branch => new TrainingRow(
                [.. prefix, .. Enumerable.Range(0, 1 + branch).Select(t => (branch + t) % 5)],
                prefix.Length,
                [.. Enumerable.Range(0, 1 + branch).Select(t => branch - 2f)],
                [.. Enumerable.Range(0, 1 + branch).Select(t => -1.6f)])),
            new([4, 3, 3], 1, [-1, 0.75f], [-1.2f, -1.9f]),
        ];
        (double Loss, double[] Gradient) Run(bool share)
        {
            using var weights = PolicyWeights.Random(Tiny with { HeadDim = 16 }, 1, CPU, ScalarType.Float64);
            using PolicyOptimizer optimizer = new(weights, new());
            using Trainer trainer = new(weights, optimizer, LossKind.PolicyGradient, new(), 8) { SharePrefixes = share };
            var loss = trainer.Accumulate(rows, _ => { });
            return (loss, [.. weights.Gradient!.data<double>()]);
        }

        var packed = Pack.Of([.. rows.Select(row => (row, 1.0))], share: true);
        Assert.Equal([2, prefix.Length + 0 + 1 + 2 + 3 + 4], packed.Select(pack => pack.Length));
        Assert.Equal([3, prefix.Length + 1 + 2 + 3 + 4 + 5], packed.Select(pack => pack.Tokens));
        var (together, apart) = (Run(true), Run(false));
        Assert.Equal(apart.Loss, together.Loss, 1e-12);
        for (var i = 0; i < apart.Gradient.Length; i++)
            Assert.Equal(apart.Gradient[i], together.Gradient[i], 1e-12);
    }

    [Theory]
    [InlineData(OptimizerKind.AdamW)]
    [InlineData(OptimizerKind.Muon)]
    public void A_restored_optimiser_goes_on_bit_for_bit(OptimizerKind matrices)
    {
        OptimizerPlan plan = new() { Matrices = matrices, LearningRate = 1e-2, MatrixLearningRate = 0.02 };
        using var whole = PolicyWeights.Random(Tiny, 1, CPU);
        using PolicyOptimizer uninterrupted = new(whole, plan);
        Take(whole, uninterrupted, 0, 6);

        using var before = PolicyWeights.Random(Tiny, 1, CPU);
        using PolicyOptimizer first = new(before, plan);
        Take(before, first, 0, 3);
        using var after = PolicyWeights.Load(Tiny, before.ToSafetensors(), CPU);
        using PolicyOptimizer second = new(after, plan);
        second.Load(first.Save());
        Take(after, second, 3, 6);

        Assert.Equal(whole.ToSafetensors().ToArray(), after.ToSafetensors().ToArray());
        Assert.Equal(uninterrupted.Save().ToArray(), second.Save().ToArray());
        using PolicyOptimizer other = new(after, plan with { Matrices = matrices == OptimizerKind.Muon ? OptimizerKind.AdamW : OptimizerKind.Muon });
        Assert.Throws<InvalidDataException>(() => other.Load(first.Save()));
    }

    [Fact]
    public void The_first_adam_step_moves_each_parameter_by_the_rate_against_its_gradient()
    {
        // Bias-corrected, the first step is rate x g / (|g| + 1e-8).
        using var weights = PolicyWeights.Random(Tiny, 1, CPU, ScalarType.Float64);
        using PolicyOptimizer optimizer = new(weights, new() { LearningRate = 1e-3, GradientClip = 1e9 });
        double[] before = [.. weights.Flat.data<double>()];
        Fill(weights.Gradient!, i => i % 2 == 0 ? 0.5 : -3);
        var norm = optimizer.Step(0.5);

        var n = before.Length;
        Assert.Equal(Math.Sqrt(n / 2 * 0.25 + n / 2 * 9), norm, 1e-9);
        double[] after = [.. weights.Flat.data<double>()];
        for (var i = 0; i < n; i++)
            Assert.Equal(before[i] - (i % 2 == 0 ? 5e-4 : -5e-4), after[i], 1e-10);
        Assert.Equal(0.0, weights.Gradient!.abs().sum().item<double>());
    }

    [Fact]
    public void Newton_schulz_brings_singular_values_near_one()
    {
        using var scope = NewDisposeScope();
        using Generator generator = new(5);
        var orthogonal = Muon.Orthogonal(randn(3, 8, 20, ScalarType.Float64, generator: generator));
        var values = linalg.svdvals(orthogonal);
        Assert.InRange(values.min().item<double>(), 0.6, 1.3);
        Assert.InRange(values.max().item<double>(), 0.6, 1.3);
    }

    [Fact]
    public void Epochs_and_minibatches_are_optimiser_steps_and_each_pass_is_trained_tokens()
    {
        using var weights = PolicyWeights.Random(Tiny, 1, CPU);
        using PolicyOptimizer optimizer = new(weights, new() { LearningRate = 0.02 });
        using Trainer trainer = new(weights, optimizer, LossKind.PolicyGradient, new() { Epochs = 3, Minibatches = 2, ClipLow = 0.01, ClipHigh = 0.01 }, 8) { SharePrefixes = false };
        trainer.Train(Rows(0), 1, _ => { });

        Assert.Equal(6, trainer.Metrics.OptimizerSteps);
        Assert.Equal(3 * Rows(0).Sum(row => row.Tokens.Length), trainer.Metrics.TrainedTokens);
        Assert.InRange(trainer.Metrics.ClipFraction, 0.01, 0.99);
        Assert.InRange(trainer.Metrics.Entropy, 0.5, Math.Log(5));
    }

    [Fact]
    public void A_loss_that_is_not_finite_fails_the_item_before_the_step()
    {
        using var weights = PolicyWeights.Random(Tiny, 1, CPU);
        using PolicyOptimizer optimizer = new(weights, new());
        using Trainer trainer = new(weights, optimizer, LossKind.PolicyGradient, new() { Clipping = false }, 8);
        var before = weights.ToSafetensors();
        var error = Assert.Throws<WorkFailedException>(() => trainer.Train([new([1, 2], 1, [1], [-200])], 1, _ => { }));
        Assert.Equal(WorkFailedException.NonFinite, error.Kind);
        Assert.Contains("optimiser step 1", error.Message, StringComparison.Ordinal);
        Assert.Equal(before.ToArray(), weights.ToSafetensors().ToArray());
    }

    [Fact]
    public void Rows_whose_lengths_do_not_fit_are_refused()
    {
        using var weights = PolicyWeights.Random(Tiny, 1, CPU);
        using PolicyOptimizer optimizer = new(weights, new());
        using Trainer trainer = new(weights, optimizer, LossKind.PolicyGradient, new(), 8);
        Assert.Throws<ArgumentException>(() => trainer.Train([], 1, _ => { }));
        Assert.Throws<ArgumentException>(() => trainer.Train([new([1, 2], 0, [1, 1], [0, 0])], 1, _ => { }));
        Assert.Throws<ArgumentException>(() => trainer.Train([new([1, 2], 1, [1, 1], [0])], 1, _ => { }));
        Assert.Throws<ArgumentException>(() => trainer.Train([new([1, 2], 1, [1], null)], 1, _ => { }));
        Assert.Throws<ArgumentException>(() => trainer.Train([new([1, 2], 1, [1], [0]) { Returns = [1, 2] }], 1, _ => { }));
        Assert.Throws<ArgumentException>(() => trainer.Train([new([1, 2], 1, [1], [0]) { ForcedTokens = new HashSet<int> { 0 } }], 1, _ => { }));
    }

    private static void Take(PolicyWeights weights, PolicyOptimizer optimizer, int from, int to)
    {
        using Trainer trainer = new(weights, optimizer, LossKind.PolicyGradient, new(), 8);
        for (var step = from; step < to; step++)
            trainer.Train(Rows(step), 1 - step * 0.1, _ => { });
    }

    internal static TrainingRow[] Rows(int step) => [.. Enumerable.Range(0, 6).Select(row =>
    {
        var random = KeyedRandom.Stream($"rows/{step}/{row}");
        int[] tokens = [.. Enumerable.Range(0, 3 + random.NextInt(6)).Select(_ => random.NextInt(5))];
        var predicted = tokens.Length - 1;
        return new TrainingRow(
            tokens, 1, [.. Enumerable.Range(0, predicted).Select(_ => row % 2 == 0 ? 1f : -1f)], [.. Enumerable.Range(0, predicted).Select(_ => -1.6f)]);
    })];

    private static void Move(Tensor flat, int index, double delta)
    {
        using var none = no_grad();
        using var one = flat.narrow(0, index, 1);
        one.add_(delta);
    }

    private static void Fill(Tensor target, Func<int, double> value)
    {
        using var none = no_grad();
        using var values = tensor(Enumerable.Range(0, (int)target.numel()).Select(value).ToArray());
        target.copy_(values);
    }
}
