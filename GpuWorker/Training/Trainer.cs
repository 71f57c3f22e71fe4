using Curriculum.Plans;
using Curriculum.Work;
using GpuWorker.Execution;
using GpuWorker.Policies;
using TorchSharp;
using static TorchSharp.torch;

namespace GpuWorker.Training;

/// <summary>Takes optimiser steps over rows of tokens; knows a loss and a weight per token, never the algorithm that made them.</summary>
/// <remarks>
/// A step's rows are packed, sorted by length and cut into micro-batches of about equal length, padded on the right, whose gradients add up. Only the states
/// that predict a token reach the output matrix. B packs, T tokens, C hidden, V vocabulary, N predicted tokens.
/// </remarks>
internal sealed class Trainer(PolicyWeights weights, PolicyOptimizer optimizer, LossKind kind, LossPlan loss, int longest) : IDisposable
{
    private const int TokensPerMicroBatch = 2048;

    private readonly TrainingTotals _totals = new();
    private Tensor? _rotary;

    /// <summary>Whether rows that begin alike are computed together. Default true; changes no more than the rounding.</summary>
    public bool SharePrefixes { get; init; } = true;

    /// <summary>What the steps so far looked like.</summary>
    public UpdateMetrics Metrics => _totals.ToMetrics();

    /// <summary>All passes over one batch: <see cref="LossPlan.Epochs"/> x <see cref="LossPlan.Minibatches"/> steps; row r goes to minibatch r modulo their number.</summary>
    /// <param name="rows">The batch.</param>
    /// <param name="rateFactor">Factor on the learning rates.</param>
    /// <param name="mark">Called after each micro-batch with the share of the batch done; may throw to cancel.</param>
    /// <exception cref="WorkFailedException">A loss or a gradient is not finite; the parameters are as before that step.</exception>
    public void Train(IReadOnlyList<TrainingRow> rows, double rateFactor, Action<double> mark)
    {
        if (rows.Count == 0)
            throw new ArgumentException("Expected at least one row to train on, found none.");
        foreach (var row in rows)
            row.Check(kind == LossKind.PolicyGradient);

        var minibatches = Math.Min(loss.Minibatches, rows.Count);
        for (var step = 0; step < loss.Epochs * minibatches; step++)
        {
            var done = step;
            Step(
                [.. rows.Where((_, index) => index % minibatches == done % minibatches)],
                rateFactor,
                share => mark((done + share) / (loss.Epochs * minibatches)));
        }
    }

    /// <summary>Adds the gradients of one step's loss to the policy's, without a step.</summary>
    /// <returns>The loss.</returns>
    public double Accumulate(IReadOnlyList<TrainingRow> rows, Action<double> mark)
    {
        var shares = TokenShares.Of(loss.Aggregation, [.. rows.Select(row => row.Predicted)], longest);
        var packs = Pack.Of([.. rows.Zip(shares)], SharePrefixes);
        var sum = 0.0;
        for (var at = 0; at < packs.Length;)
        {
            var end = at + 1;
            while (end < packs.Length && (end + 1 - at) * packs[end].Length <= TokensPerMicroBatch)
                end++;
            sum += MicroBatch(packs[at..end]);
            at = end;
            mark((double)at / packs.Length);
        }

        return sum;
    }

    public void Dispose() => _rotary?.Dispose();

    private void Step(TrainingRow[] rows, double rateFactor, Action<double> mark)
    {
        var stepLoss = Accumulate(rows, mark);
        var norm = double.IsFinite(stepLoss) ? optimizer.Step(rateFactor) : double.NaN;
        if (!double.IsFinite(norm))
        {
            throw new WorkFailedException(
                WorkFailedException.NonFinite,
                $"Expected a finite loss and gradient, found loss {stepLoss} and gradient norm {norm} at optimiser step {_totals.Steps + 1} of the item ({rows.Length} rows): lower the learning rate or the gradient clip.");
        }

        _totals.AddStep(stepLoss, norm);
    }

    private double MicroBatch(Pack[] packs)
    {
        using var scope = NewDisposeScope();
        PackedBatch batch = new(packs, weights.Flat.device, weights.Flat.dtype);
        var products = PolicyProducts.Fold(weights);
        var hiddenBTC = Transformer.Hidden(products, batch.InputsBT, Rotary(batch.Positions), layout: batch.Layout);
        var hiddenNC = hiddenBTC.view(-1, weights.Config.HiddenSize).index_select(0, batch.SourcesN);
        var allNV = Transformer.Logits(products, hiddenNC).log_softmax(-1);
        var logProbsN = allNV.gather(1, batch.TargetsN.unsqueeze(1)).squeeze(1);
        var lossN = kind == LossKind.PolicyGradient
            ? TokenLoss.PolicyGradient(logProbsN, batch.OldLogProbsN, batch.WeightsN, loss.ClipLow, loss.ClipHigh)
            : TokenLoss.Likelihood(logProbsN, batch.WeightsN);
        var total = (lossN * batch.SharesN).sum();
        total.backward();

        using var none = no_grad();
        var entropy = -(allNV.exp() * allNV).sum().ToDouble();
        var clipped = kind == LossKind.PolicyGradient
            ? TokenLoss.Clipped(logProbsN, batch.OldLogProbsN, batch.WeightsN, loss.ClipLow, loss.ClipHigh)
            : 0;
        _totals.AddTokens(packs.Sum(pack => (long)pack.Tokens), batch.Count, entropy, clipped);
        return total.ToDouble();
    }

    private Tensor Rotary(int positions)
    {
        if (_rotary is null || _rotary.shape[0] < positions)
        {
            _rotary?.Dispose();
            _rotary = RotaryPositions.Table(weights.Config, positions + 64, weights.Flat.dtype, weights.Flat.device).DetachFromDisposeScope();
        }

        return _rotary;
    }
}
