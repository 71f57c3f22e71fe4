using static TorchSharp.torch;

namespace GpuWorker.Policies;

/// <summary>The matrices that a forward pass multiplies by, each norm's weight folded into the product after it.</summary>
/// <remarks>
/// Folding takes a few small products instead of a pass over every activation. In training it is done within the step, so that gradients flow through it;
/// for generation once.
/// </remarks>
internal sealed record PolicyProducts(PolicyConfig Config, Tensor Embedding, Tensor Output, IReadOnlyList<LayerProducts> Layers)
{
    public static PolicyProducts Fold(PolicyWeights weights) => new(
        weights.Config,
        weights.Embedding,
        weights.Output * weights.FinalNorm,
        [.. weights.Layers.Select(layer => new LayerProducts(
            Fold(layer.QueriesKeysValues, layer.AttentionNorm), layer.AttentionOut, Fold(layer.GateUp, layer.FeedForwardNorm), layer.Down))]);

    private static Tensor Fold(Tensor product, Tensor? norm) => norm is null ? product : product * norm;
}

/// <summary>One layer's matrices, [outputs, inputs].</summary>
internal sealed record LayerProducts(Tensor QueriesKeysValues, Tensor AttentionOut, Tensor GateUp, Tensor Down);
