using static TorchSharp.torch;
using static TorchSharp.torch.nn.functional;

namespace GpuWorker.Policies;

/// <summary>What a forward pass multiplies by.</summary>
/// <remarks>
/// A policy whose layers' norms have no weights has its final norm's folded into the output product: a small product instead of a pass over the activations.
/// In training the products are made within the step, so that gradients flow through; for generation once.
/// </remarks>
/// <param name="Config">The policy's.</param>
/// <param name="Embedding">[V, C].</param>
/// <param name="Output">[V, C].</param>
/// <param name="FinalNorm">[C]; null where it is folded into the output.</param>
/// <param name="Layers">In order.</param>
/// <param name="TextlessH">The ids without a text, int64; null where every id has one.</param>
internal sealed record PolicyProducts(
    PolicyConfig Config, Tensor Embedding, Tensor Output, Tensor? FinalNorm, IReadOnlyList<LayerProducts> Layers, Tensor? TextlessH)
{
    public static PolicyProducts Fold(PolicyWeights weights) => new(
        weights.Config,
        weights.Embedding,
        weights.Config.LayerNormWeights ? weights.Output : weights.Output * weights.FinalNorm,
        weights.Config.LayerNormWeights ? weights.FinalNorm : null,
        [.. weights.Layers.Select((layer, i) => Fold(layer, weights.Adapter?.Layers[i]))],
        weights.TextlessH);

    private static LayerProducts Fold(LayerWeights layer, LayerAdapters? adapters) => new(
        layer.Vectors,
        new(layer.QueriesKeysValues, layer.Vectors.QueriesKeysValuesBias, adapters?.QueriesKeysValues),
        new(layer.AttentionOut, layer.Vectors.AttentionOutBias, adapters?.AttentionOut),
        new(layer.GateUp, layer.Vectors.GateUpBias, adapters?.GateUp),
        new(layer.Down, layer.Vectors.DownBias, adapters?.Down));
}

/// <summary>One layer's products, and the weights of its norms.</summary>
internal sealed record LayerProducts(LayerVectors Vectors, Product QueriesKeysValues, Product AttentionOut, Product GateUp, Product Down);

/// <summary>One matrix [outputs, inputs], its bias, and the low-rank factors beside it.</summary>
internal sealed record Product(Tensor Weight, Tensor? Bias, IReadOnlyList<LowRank>? Adapters)
{
    /// <summary>x [..., inputs] to [..., outputs].</summary>
    public Tensor Of(Tensor x)
    {
        var y = linear(x, Weight, Bias);
        foreach (var part in Adapters ?? [])
            y.narrow(-1, part.At, part.Up.shape[0]).add_(linear(linear(x, part.Down.to(x.dtype)), part.Up.to(x.dtype)), alpha: part.Scale);
        return y;
    }
}

/// <summary>Factors of one target: outputs from <paramref name="At"/> on gain <paramref name="Scale"/> x Up Down x.</summary>
/// <param name="Down">[rank, inputs].</param>
/// <param name="Up">[outputs, rank].</param>
/// <param name="At">The target's first output within the product.</param>
/// <param name="Scale">Alpha over rank.</param>
internal sealed record LowRank(Tensor Down, Tensor Up, long At, double Scale);
