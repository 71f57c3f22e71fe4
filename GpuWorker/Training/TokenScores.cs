using Curriculum.Plans;
using GpuWorker.Policies;
using static TorchSharp.torch;

namespace GpuWorker.Training;

/// <summary>A policy's log-probabilities and values of given tokens.</summary>
/// <param name="LogProbs">Of each completion token, at the temperature.</param>
/// <param name="Values">Of the state that each was written in; null without a value head.</param>
internal sealed record TokenScores(float[] LogProbs, float[]? Values)
{
    /// <summary>The scores of each row, in order, and the tokens read for them: a shared prefix once.</summary>
    /// <param name="weights">The policy.</param>
    /// <param name="values">Its value head; null for none.</param>
    /// <param name="rows">Tokens and where the completions begin.</param>
    /// <param name="temperature">Of the log-probabilities: that at which the rows were drawn.</param>
    public static (TokenScores[] Rows, long Tokens) Of(PolicyWeights weights, ValueHead? values, IReadOnlyList<TrainingRow> rows, double temperature)
    {
        using var none = no_grad();
        using var scope = NewDisposeScope();
        var fused = FusedWeights.Fold(weights);
        var rotary = RotaryEmbedding.Table(weights.Config, rows.Max(row => row.Tokens.Length), weights.Flat.dtype, weights.Flat.device);
        var packs = Pack.Of([.. rows.Select(row => (row, 1.0))], share: true);
        Dictionary<TrainingRow, TokenScores> scored = new(ReferenceEqualityComparer.Instance);
        foreach (var together in Pack.MicroBatches(packs, new MemoryPlan().MicroBatchTokens))
        {
            using var inner = NewDisposeScope();
            PackedBatch batch = new(together, weights.Flat.device, weights.Flat.dtype);
            var forward = TokenForward.Of(fused, batch, new ForwardPass(fused, batch.InputsBT, rotary, batch.Layout, recompute: false), temperature);
            var (logProbs, estimates) = (ToArray(forward.LogProbsN), values is null ? null : ToArray(values.Of(forward.HiddenNC)));
            var at = 0;
            foreach (var (row, _) in together.SelectMany(pack => pack.Rows))
            {
                scored[row] = new(logProbs[at..(at + row.Predicted)], estimates?[at..(at + row.Predicted)]);
                at += row.Predicted;
            }
        }

        return ([.. rows.Select(row => scored[row])], packs.Sum(pack => (long)pack.Tokens));
    }

    private static float[] ToArray(Tensor values) => values.to(ScalarType.Float32).cpu().data<float>().ToArray();
}
