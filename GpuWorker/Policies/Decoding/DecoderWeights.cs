using TorchSharp;
using static TorchSharp.torch;

namespace GpuWorker.Policies.Decoding;

/// <summary>A policy's weights in the order in which <see cref="DecoderScript"/> reads them.</summary>
internal sealed class DecoderWeights : IDisposable
{
    private readonly List<Tensor> _made = [];

    public DecoderWeights(FusedWeights fused)
    {
        None = Made(empty([0], dtype: fused.Embedding.dtype, device: fused.Embedding.device));
        Ends = [fused.Embedding, fused.FinalNorm ?? None, fused.Output, fused.SuppressedTokensS ?? None];
        Layers = [.. fused.Layers.SelectMany(layer => (Tensor[])
        [
            layer.Vectors.AttentionNorm ?? None, layer.Vectors.FeedForwardNorm ?? None, layer.Vectors.QueryNorm ?? None, layer.Vectors.KeyNorm ?? None,
            .. Of(layer.QueriesKeysValues), .. Of(layer.AttentionOut), .. Of(layer.GateUp), .. Of(layer.Down),
        ])];
    }

    /// <summary>A tensor without elements, for what a policy does not have.</summary>
    public Tensor None { get; }

    /// <summary>Embedding, final norm, output matrix and suppressed tokens.</summary>
    public Tensor[] Ends { get; }

    /// <summary>Of each layer four norms, then of each of its four matrices the weight, the bias and an adapter's factors.</summary>
    public Tensor[] Layers { get; }

    public void Dispose() => _made.ForEach(tensor => tensor.Dispose());

    // The factors of all targets in one matrix are one pair: A below A, and B in a block of its own with its scaling in it.
    private Tensor[] Of(FusedLinear linear)
    {
        if (linear.Adapters is not { Count: > 0 } adapters)
            return [linear.Weight, linear.Bias ?? None, None, None];
        using var scope = NewDisposeScope();
        var a = cat([.. adapters.Select(part => part.A)], 0);
        var b = zeros([linear.Weight.shape[0], a.shape[0]], device: a.device);
        var rank = 0L;
        foreach (var part in adapters)
        {
            b.narrow(0, part.OutputOffset, part.B.shape[0]).narrow(1, rank, part.B.shape[1]).copy_(part.B * part.Scaling);
            rank += part.B.shape[1];
        }

        return [linear.Weight, linear.Bias ?? None, Made(a.to(linear.Weight.dtype)), Made(b.to(linear.Weight.dtype))];
    }

    private Tensor Made(Tensor tensor)
    {
        _made.Add(tensor.DetachFromDisposeScope());
        return tensor;
    }
}
