using GpuWorker.Policies;
using TorchSharp;
using static TorchSharp.torch;

namespace GpuWorker.Training;

/// <summary>A forward pass through the layers whose backward pass can compute their activations again instead of keeping them.</summary>
/// <remarks>
/// Chen et al., arXiv 1604.06174: of each layer only its input is kept, and one layer at a time is computed a second time when its gradient is wanted:
/// about a third more computing, and memory for one layer's activations instead of all. The gradients are the same bit for bit.
/// B rows, T tokens, C hidden.
/// </remarks>
internal sealed class ForwardPass
{
    private readonly PolicyProducts _products;
    private readonly Tensor _tokensBT;
    private readonly Tensor _turns;
    private readonly AttentionLayout? _layout;
    private readonly List<Tensor> _inputs = [];

    public ForwardPass(PolicyProducts products, Tensor tokensBT, Tensor rotary, AttentionLayout? layout, bool recompute)
    {
        (_products, _tokensBT, _layout) = (products, tokensBT, layout);
        if (!recompute)
        {
            _turns = rotary;
            HiddenBTC = Transformer.Hidden(products, tokensBT, rotary, layout: layout);
            return;
        }

        _turns = Transformer.Turns(products.Config, tokensBT, rotary, layout);
        using (no_grad())
        {
            var x = Transformer.Embed(products, tokensBT);
            foreach (var layer in products.Layers)
            {
                _inputs.Add(x);
                using var scope = NewDisposeScope();
                x = Transformer.Layer(layer, products.Config, x, _turns, layout).MoveToOuterDisposeScope();
            }

            _inputs.Add(x);
        }

        HiddenBTC = Transformer.Final(products, Leaf(_inputs.Count - 1));
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
            var x = Transformer.Layer(_products.Layers[layer], _products.Config, input, _turns, _layout);
            autograd.backward([x], [Spent(layer + 1)]);
        }

        if (_inputs.Count > 0 && _products.Embedding.requires_grad)
        {
            using var scope = NewDisposeScope();
            autograd.backward([Transformer.Embed(_products, _tokensBT)], [Spent(0)]);
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
