using GpuWorker.Policies;
using TorchSharp;
using static TorchSharp.torch;

namespace GpuWorker.Training;

/// <summary>A forward pass with optional activation checkpointing: the backward pass recomputes activations instead of keeping them.</summary>
/// <remarks>
/// Chen et al., arXiv 1604.06174: only each layer's input is kept, and the layers are recomputed one at a time in the backward pass:
/// about a third more compute, for the memory of one layer's activations instead of all. The gradients are the same bit for bit.
/// B rows, T tokens, C hidden.
/// </remarks>
internal sealed class ForwardPass : IForwardPass
{
    private readonly FusedWeights _fused;
    private readonly Tensor _tokensBT;
    private readonly Tensor _rotary;
    private readonly AttentionLayout? _layout;
    private readonly List<Tensor> _inputs = [];

    public ForwardPass(FusedWeights fused, Tensor tokensBT, Tensor rotaryTable, AttentionLayout? layout, bool recompute)
    {
        (_fused, _tokensBT, _layout) = (fused, tokensBT, layout);
        if (!recompute)
        {
            _rotary = rotaryTable;
            HiddenBTC = Transformer.HiddenStates(fused, tokensBT, rotaryTable, layout: layout);
            return;
        }

        _rotary = Transformer.RotaryRows(fused.Config, tokensBT, rotaryTable, layout);
        using (no_grad())
        {
            var x = Transformer.Embed(fused, tokensBT);
            foreach (var layer in fused.Layers)
            {
                _inputs.Add(x);
                using var scope = NewDisposeScope();
                x = Transformer.Layer(layer, fused.Config, x, _rotary, layout).MoveToOuterDisposeScope();
            }

            _inputs.Add(x);
        }

        HiddenBTC = Transformer.Final(fused, Leaf(_inputs.Count - 1));
    }

    /// <summary>States after the final norm, [B, T, C].</summary>
    public Tensor HiddenBTC { get; }

    /// <summary>Goes back through the layers, once the loss has been gone back through down to <see cref="HiddenBTC"/>.</summary>
    public void Backward()
    {
        for (var layer = _inputs.Count - 2; layer >= 0; layer--)
        {
            var input = Leaf(layer);
            using var scope = NewDisposeScope();
            var x = Transformer.Layer(_fused.Layers[layer], _fused.Config, input, _rotary, _layout);
            autograd.backward([x], [Spent(layer + 1)]);
        }

        if (_inputs.Count > 0 && _fused.Embedding.requires_grad)
        {
            using var scope = NewDisposeScope();
            autograd.backward([Transformer.Embed(_fused, _tokensBT)], [Spent(0)]);
        }
    }

    private Tensor Leaf(int layer) => _inputs[layer] = _inputs[layer].detach().requires_grad_(true);

    // The gradient of a layer's input, which nothing needs any more.
    private Tensor Spent(int layer)
    {
        var gradient = _inputs[layer].grad ?? throw new InvalidOperationException($"Expected a gradient for the states before layer {layer}, found none.");
        _inputs[layer].Dispose();
        return gradient;
    }
}
