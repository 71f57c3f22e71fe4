using Curriculum.Plans;
using Curriculum.Work;
using GpuWorker.Items;
using GpuWorker.Policies;
using GpuWorker.Training.Lanes;
using TorchSharp;
using static TorchSharp.torch;

namespace GpuWorker.Training;

/// <summary>Takes optimiser steps over rows of tokens; knows a loss and a weight per token, not the algorithm behind them.</summary>
/// <remarks>
/// A step's rows are packed, sorted by length and cut into micro-batches of about equal length, padded on the right, whose gradients add up.
/// B packs, T tokens, C hidden, V vocabulary, N predicted tokens.
/// </remarks>
internal sealed class Trainer(PolicyWeights weights, PolicyOptimizer optimizer, LossKind kind, LossPlan loss, int longest, ValueHead? values = null) : IDisposable
{
    private readonly RatioClip _clip = new(loss.Clipping, loss.ClipLow, loss.ClipHigh, loss.DualClip);
    private readonly TrainingTotals _totals = new();
    private Tensor? _rotary;
    private LaneTraining? _lanes;

    /// <summary>Whether rows that begin alike are computed together. Default true; changes no more than the rounding.</summary>
    public bool SharePrefixes { get; init; } = true;

    /// <summary>Whether a small policy goes through vector lanes, which must be there. Default false; changes no more than the rounding.</summary>
    public bool Lanes { get; init; }

    /// <summary>The sampling temperature of the rows; all log-probabilities, divergence and entropy are at it. Default 1.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>How a step trades time for memory.</summary>
    public MemoryPlan Memory { get; init; } = new();

    /// <summary>Metrics of the steps so far.</summary>
    public UpdateMetrics Metrics => _totals.ToMetrics();

    /// <summary>All passes over one batch: <see cref="LossPlan.Epochs"/> x <see cref="LossPlan.Minibatches"/> steps; row r goes to minibatch r modulo their number.</summary>
    /// <param name="rows">The batch.</param>
    /// <param name="rateFactor">Factor on the learning rates.</param>
    /// <param name="heartbeat">Called after each micro-batch with the share of the batch done; may throw to cancel.</param>
    /// <exception cref="WorkFailedException">A loss or a gradient is not finite; the parameters are as before that step.</exception>
    public void Train(IReadOnlyList<TrainingRow> rows, double rateFactor, Action<double> heartbeat)
    {
        if (rows.Count == 0)
            throw new ArgumentException("Expected at least one row to train on, found none.");
        foreach (var row in rows)
            row.Check(kind == LossKind.PolicyGradient);

        var minibatches = Minibatches(rows);
        for (var step = 0; step < loss.Epochs * minibatches.Length; step++)
        {
            var done = step;
            Step(minibatches[done % minibatches.Length], rateFactor, share => heartbeat((done + share) / (loss.Epochs * minibatches.Length)));
        }
    }

    /// <summary>Input tokens of the longest pack that a batch is laid out in: it goes through at once, however small micro-batches are.</summary>
    public int LongestPack(IReadOnlyList<TrainingRow> rows) =>
        Minibatches(rows).Max(minibatch => Pack.Of([.. minibatch.Select(row => (row, 1.0))], SharePrefixes)[^1].Length);

    /// <summary>Adds the gradients of one step's loss to the policy's, without a step.</summary>
    /// <returns>The loss.</returns>
    public double Accumulate(IReadOnlyList<TrainingRow> rows, Action<double> heartbeat)
    {
        var shares = AggregationFactors.Of(loss.Aggregation, [.. rows.Select(row => row.Trained)], longest);
        var packs = Pack.Of([.. rows.Zip(shares)], SharePrefixes);
        if (Lanes && !Memory.RecomputeActivations && LaneTraining.Fits(weights))
            (_lanes ??= new(weights)).Refresh();
        var (sum, done) = (0.0, 0);
        foreach (var together in Pack.MicroBatches(packs, Memory.MicroBatchTokens))
        {
            sum += MicroBatch(together);
            done += together.Length;
            heartbeat((double)done / packs.Length);
        }

        return sum;
    }

    public void Dispose()
    {
        _rotary?.Dispose();
        _lanes?.Dispose();
    }

    private TrainingRow[][] Minibatches(IReadOnlyList<TrainingRow> rows)
    {
        var count = Math.Min(loss.Minibatches, rows.Count);
        return [.. Enumerable.Range(0, count).Select(minibatch => rows.Where((_, index) => index % count == minibatch).ToArray())];
    }

    private void Step(TrainingRow[] rows, double rateFactor, Action<double> heartbeat)
    {
        var stepLoss = Accumulate(rows, heartbeat);
        var norm = double.IsFinite(stepLoss) ? optimizer.Step(rateFactor) : double.NaN;
        if (!double.IsFinite(norm))
        {
            throw new WorkFailedException(
                WorkFailedException.NonFinite,
                $"Expected a finite loss and gradient, found loss {stepLoss} and gradient norm {norm} at optimiser step {_totals.Steps + 1} of the item ({rows.Length} rows): lower the learning rate or the gradient clip.");
        }

        values?.Step(optimizer.ValueLearningRate * rateFactor, optimizer.GradientClip);
        _totals.AddStep(stepLoss, norm);
    }

    private double MicroBatch(Pack[] packs)
    {
        using var scope = NewDisposeScope();
        var lanes = _lanes is { } all && new TokenLayout(packs) is var tokens && all.Fits(tokens) ? new LanePass(all, tokens) : null;
        PackedBatch batch = new(packs, weights.Flat.device, weights.Flat.dtype, isPadded: lanes is null);
        var fused = FusedWeights.Fold(weights);
        IForwardPass pass = lanes is not null ? lanes : new ForwardPass(fused, batch.InputsBT, Rotary(batch.Positions), batch.Layout, Memory.RecomputeActivations);
        var (hiddenNC, allNV, logProbsN) = TokenForward.Of(fused, batch, pass, Temperature);
        var gradient = kind == LossKind.PolicyGradient;
        var lossN = gradient
            ? TokenLoss.PolicyGradient(logProbsN, batch.OldLogProbsN, batch.WeightsN, _clip)
            : TokenLoss.Likelihood(logProbsN, batch.WeightsN);
        var divergenceN = batch.ReferenceLogProbsN is { } reference ? TokenLoss.K3(logProbsN, reference) : null;
        if (divergenceN is not null)
            lossN = lossN + divergenceN * loss.KlWeight;
        var errorN = batch.ReturnsN is { } returns ? TokenLoss.Value(Head.Of(hiddenNC), returns) : null;
        if (errorN is not null)
            lossN = lossN + errorN * loss.ValueWeight;
        var total = (lossN * batch.FactorsN).sum();
        total.backward();
        pass.Backward();
        weights.Trainable.AccumulateGradients();

        using var none = no_grad();
        _totals.AddTokens(
            packs.Sum(pack => (long)pack.Tokens),
            batch.Count,
            entropy: -(allNV.exp() * allNV).sum().ToDouble(),
            clipped: gradient ? TokenLoss.Clipped(logProbsN, batch.OldLogProbsN, batch.WeightsN, _clip) : 0,
            divergence: divergenceN?.sum().ToDouble(),
            valueError: errorN?.sum().ToDouble());
        return total.ToDouble();
    }

    private ValueHead Head => values ?? throw new InvalidOperationException("Expected a value head for rows with returns, found none.");

    private Tensor Rotary(int positions)
    {
        if (_rotary is null || _rotary.shape[0] < positions)
        {
            _rotary?.Dispose();
            _rotary = RotaryEmbedding.Table(weights.Config, positions + 64, weights.Flat.dtype, weights.Flat.device).DetachFromDisposeScope();
        }

        return _rotary;
    }
}
