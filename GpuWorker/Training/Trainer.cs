using Curriculum.Plans;
using Curriculum.Work;
using GpuWorker.Execution;
using GpuWorker.Policies;
using TorchSharp;
using static TorchSharp.torch;

namespace GpuWorker.Training;

/// <summary>Takes optimiser steps over rows of tokens; knows a loss and a weight per token, never the algorithm that made them.</summary>
/// <remarks>
/// A step's rows are sorted by length and cut into micro-batches of about equal length, padded on the right, whose gradients add up. Only the states that
/// predict a token reach the output matrix. B rows, T tokens, C hidden, V vocabulary, N predicted tokens.
/// </remarks>
internal sealed class Trainer(PolicyWeights weights, PolicyOptimizer optimizer, LossKind kind, LossPlan loss, int longest) : IDisposable
{
    private const int TokensPerMicroBatch = 2048;

    private readonly TrainingTotals _totals = new();
    private Tensor? _rotary;

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
        var sorted = rows.Zip(shares).OrderBy(pair => pair.First.Tokens.Length).ToArray();
        var sum = 0.0;
        for (var at = 0; at < sorted.Length;)
        {
            var end = at + 1;
            while (end < sorted.Length && (end + 1 - at) * sorted[end].First.Tokens.Length <= TokensPerMicroBatch)
                end++;
            sum += MicroBatch(sorted[at..end]);
            at = end;
            mark((double)at / sorted.Length);
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

        _totals.AddStep(stepLoss, norm, rows.Sum(row => (long)row.Tokens.Length));
    }

    private double MicroBatch((TrainingRow Row, double Share)[] batch)
    {
        using var scope = NewDisposeScope();
        var (device, dtype) = (weights.Flat.device, weights.Flat.dtype);
        var width = batch.Max(pair => pair.Row.Tokens.Length) - 1;
        var inputs = new long[batch.Length * width];
        var count = batch.Sum(pair => pair.Row.Predicted);
        var (positions, targets) = (new long[count], new long[count]);
        var (rowWeights, rowShares, old) = (new float[count], new double[count], new float[count]);
        var n = 0;
        for (var b = 0; b < batch.Length; b++)
        {
            var (row, share) = batch[b];
            for (var t = 0; t + 1 < row.Tokens.Length; t++)
                inputs[b * width + t] = row.Tokens[t];
            for (var t = row.Start; t < row.Tokens.Length; t++, n++)
            {
                (positions[n], targets[n]) = (b * width + t - 1, row.Tokens[t]);
                (rowWeights[n], rowShares[n]) = (row.Weights[t - row.Start], share);
                old[n] = row.OldLogProbs?[t - row.Start] ?? 0;
            }
        }

        var products = PolicyProducts.Fold(weights);
        var hiddenBTC = Transformer.Hidden(products, tensor(inputs, [batch.Length, width], device: device), Rotary(width));
        var hiddenNC = hiddenBTC.view(-1, weights.Config.HiddenSize).index_select(0, tensor(positions, device: device));
        var allNV = Transformer.Logits(products, hiddenNC).log_softmax(-1);
        var logProbsN = allNV.gather(1, tensor(targets, [count, 1], device: device)).squeeze(1);
        var weightsN = tensor(rowWeights, dtype: dtype, device: device);
        var oldN = tensor(old, dtype: dtype, device: device);
        var lossN = kind == LossKind.PolicyGradient
            ? TokenLoss.PolicyGradient(logProbsN, oldN, weightsN, loss.ClipLow, loss.ClipHigh)
            : TokenLoss.Likelihood(logProbsN, weightsN);
        var total = (lossN * tensor(rowShares, dtype: dtype, device: device)).sum();
        total.backward();

        using var none = no_grad();
        var entropy = -(allNV.exp() * allNV).sum().ToDouble();
        var clipped = kind == LossKind.PolicyGradient ? TokenLoss.Clipped(logProbsN, oldN, weightsN, loss.ClipLow, loss.ClipHigh) : 0;
        _totals.AddTokens(count, entropy, clipped);
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
