using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace GpuWorker.Policies;

/// <summary>The weights of a forward pass, those that are used together fused into one matrix.</summary>
/// <remarks>
/// A policy whose layers' norms have no weights has its final norm's folded into the output matrix: a small product instead of a pass over the activations.
/// In training the fusing is part of the step, so that gradients flow through it; for generation it happens once.
/// </remarks>
/// <param name="Config">The policy's.</param>
/// <param name="Embedding">[V, C].</param>
/// <param name="Output">[V, C].</param>
/// <param name="FinalNorm">[C]; null where it is folded into the output.</param>
/// <param name="Layers">In order.</param>
/// <param name="SuppressedTokensS">The tokens that are never sampled, int64; null for none.</param>
internal sealed record FusedWeights(
    PolicyConfig Config, Tensor Embedding, Tensor Output, Tensor? FinalNorm, IReadOnlyList<FusedLayer> Layers, Tensor? SuppressedTokensS)
{
    public static FusedWeights Fold(PolicyWeights weights) => new(
        weights.Config,
        weights.Embedding,
        weights.Config.LayerNormWeights ? weights.Output : weights.Output * weights.FinalNorm,
        weights.Config.LayerNormWeights ? weights.FinalNorm : null,
        [.. weights.Layers.Select((layer, i) => Fold(layer, weights.Adapter?.Layers[i]))],
        weights.SuppressedTokensS);

    private static FusedLayer Fold(LayerWeights layer, LayerAdapters? adapters) => new(
        layer.Vectors,
        new(layer.QueriesKeysValues, layer.Vectors.QueriesKeysValuesBias, adapters?.QueriesKeysValues),
        new(layer.AttentionOut, layer.Vectors.AttentionOutBias, adapters?.AttentionOut),
        new(layer.GateUp, layer.Vectors.GateUpBias, adapters?.GateUp),
        new(layer.Down, layer.Vectors.DownBias, adapters?.Down));
}

/// <summary>One layer's matrices, and the weights of its norms.</summary>
internal sealed record FusedLayer(LayerVectors Vectors, FusedLinear QueriesKeysValues, FusedLinear AttentionOut, FusedLinear GateUp, FusedLinear Down);

/// <summary>One matrix [outputs, inputs], its bias, and the low-rank factors beside it.</summary>
internal sealed record FusedLinear(Tensor Weight, Tensor? Bias, IReadOnlyList<LoraFactors>? Adapters)
{
    /// <summary>x [..., inputs] to [..., outputs].</summary>
    public Tensor Forward(Tensor x)
    {
        var y = linear(x, Weight, Bias);
        foreach (var part in Adapters ?? [])
            y.narrow(-1, part.OutputOffset, part.B.shape[0]).add_(linear(linear(x, part.A.to(x.dtype)), part.B.to(x.dtype)), alpha: part.Scaling);
        return y;
    }
}

/// <summary>LoRA factors of one target: its outputs gain <paramref name="Scaling"/> x B A x.</summary>
/// <param name="A">[rank, inputs].</param>
/// <param name="B">[outputs, rank].</param>
/// <param name="OutputOffset">The target's first output within the fused matrix.</param>
/// <param name="Scaling">Alpha over rank.</param>
internal sealed record LoraFactors(Tensor A, Tensor B, long OutputOffset, double Scaling);
