using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using GpuWorker.Policies;
using GpuWorker.Policies.Packed;
using TorchSharp;
using static TorchSharp.torch;

namespace GpuWorker.Training.Lanes;

/// <summary>The transformer of a small policy forward and back in vector registers, on one thread of the CPU.</summary>
/// <remarks>
/// Takes the place of libtorch's operations from the tokens to the states after the final norm; the loss over those states is libtorch's as ever. Gradients are
/// added to the policy's flat buffer. T tokens of all packs one after another, without padding, C hidden, F feed-forward; a row of numbers for each token.
/// </remarks>
internal sealed unsafe class LaneTraining(PolicyWeights weights) : IDisposable
{
    private readonly PolicyConfig _config = weights.Config;
    private readonly PackAttention _attention = new(weights.Config);
    private readonly LayerStates[] _layers = [.. weights.Layers.Select(_ => new LayerStates())];
    private readonly TurnedWeights _turned = new();
    private readonly RotaryRows _rotary = new(weights.Config);

    private readonly Scratch _x = new();
    private readonly Scratch _final = new();
    private readonly Scratch _finalFactors = new();

    // Gradients: of a layer's states, of a norm's output, of queries, keys and values or gates and ups, and of what was attended.
    private readonly Scratch _dx = new();
    private readonly Scratch _dNormal = new();
    private readonly Scratch _dWide = new();
    private readonly Scratch _dAttended = new();

    private TokenLayout? _forward;

    /// <summary>The most bytes of probabilities that are kept for the way back. They grow with the square of a pack; longer ones go through libtorch, which keeps none.</summary>
    public const long MaxProbabilityBytes = 256 << 20;

    /// <summary>Whether a policy is one that this computes: the one that is sampled in lanes.</summary>
    public static bool Fits(PolicyWeights weights) => PackedPolicy.Fits(weights);

    /// <summary>Whether the packs of a micro-batch are short enough.</summary>
    public bool Fits(TokenLayout tokens) => Probabilities(tokens) * _layers.Length * sizeof(float) <= MaxProbabilityBytes;

    private TokenLayout Tokens => _forward ?? throw new InvalidOperationException("Expected a way forward before the way back, found none.");

    private int C => _config.HiddenSize;

    private int F => _config.IntermediateSize;

    private int Attended => _config.NumAttentionHeads * _config.HeadSize;

    private int Wide => (_config.NumAttentionHeads + 2 * _config.KeyValueHeads) * _config.HeadSize;

    private float Scale => 1 / MathF.Sqrt(_config.HeadSize);

    /// <summary>Takes over the weights as they are now; to be called after each step.</summary>
    public void Refresh() => _turned.Take(weights.Layout, Parameters(weights.Flat));

    /// <summary>The states after the final norm, [1, T, C], of which a gradient can be taken.</summary>
    public Tensor Forward(TokenLayout tokens)
    {
        _forward = tokens;
        var count = tokens.Count;
        _rotary.Grow(tokens.Longest);
        var parameters = Parameters(weights.Flat);
        var x = _x.Of((long)count * C);
        for (var t = 0; t < count; t++)
            new ReadOnlySpan<float>(parameters + weights.Layout.Embedding.Offset + (long)tokens.Tokens[t] * C, C).CopyTo(new(x + (long)t * C, C));
        for (var layer = 0; layer < _layers.Length; layer++)
            Layer(_layers[layer], _turned.Layers[layer], x);
        var final = _final.Of((long)count * C);
        Elementwise.Normalize(x, final, _finalFactors.Of(count), count, C, (float)_config.RmsNormEps);
        var hidden = empty([1, count, C]);
        new ReadOnlySpan<float>(final, count * C).CopyTo(new(Parameters(hidden), count * C));
        return hidden.requires_grad_(true);
    }

    /// <summary>Adds to the policy's gradient what comes of that of the states.</summary>
    public void Back(Tensor gradientBTC)
    {
        var (count, layout) = (Tokens.Count, weights.Layout);
        var gradient = Parameters(weights.Gradient ?? throw new InvalidOperationException("Expected a policy that is trained, found one without gradients."));
        using var contiguous = gradientBTC.contiguous();
        var dx = Cleared(_dx, count * C);
        Elementwise.NormalizeBack(Parameters(contiguous), _final.Of(count * C), _finalFactors.Of(count), dx, count, C);
        for (var layer = _layers.Length - 1; layer >= 0; layer--)
            LayerBack(_layers[layer], layout.Layers[layer], dx, gradient);
        for (var t = 0; t < count; t++)
            Elementwise.Add(dx + (long)t * C, gradient + layout.Embedding.Offset + (long)Tokens.Tokens[t] * C, C);
    }

    public void Dispose()
    {
        _attention.Dispose();
        _turned.Dispose();
        _rotary.Dispose();
        foreach (var layer in _layers)
            layer.Dispose();
        foreach (var scratch in (Scratch[])[_x, _final, _finalFactors, _dx, _dNormal, _dWide, _dAttended])
            scratch.Dispose();
    }

    private void Layer(LayerStates states, TurnedLayer turned, float* x)
    {
        var count = Tokens.Count;
        var normal = states.AttentionNormal.Of((long)count * C);
        var qkv = states.QueriesKeysValues.Of((long)count * Wide);
        var attended = states.Attended.Of((long)count * Attended);
        Elementwise.Normalize(x, normal, states.AttentionFactors.Of(count), count, C, (float)_config.RmsNormEps);
        Product.Of(new(normal, C, 1), turned.QueriesKeysValues, qkv, Wide, count, Wide, C, add: false);
        Rotate(qkv, back: false);
        var probabilities = states.Probabilities.Of(Probabilities(Tokens));
        foreach (var pack in Tokens.Packs)
        {
            _attention.Forward(pack, qkv + (long)pack.Start * Wide, probabilities, attended + (long)pack.Start * Attended);
            probabilities += pack.Scores * _config.NumAttentionHeads;
        }

        Product.Of(new(attended, Attended, 1), turned.AttentionOut, x, C, count, C, Attended, add: true);
        var second = states.FeedForwardNormal.Of((long)count * C);
        var gateUp = states.GatesUps.Of((long)count * 2 * F);
        var gated = states.Gated.Of((long)count * F);
        Elementwise.Normalize(x, second, states.FeedForwardFactors.Of(count), count, C, (float)_config.RmsNormEps);
        Product.Of(new(second, C, 1), turned.GateUp, gateUp, 2 * F, count, 2 * F, C, add: false);
        Elementwise.Gate(gateUp, gated, count, F);
        Product.Of(new(gated, F, 1), turned.Down, x, C, count, C, F, add: true);
    }

    private void LayerBack(LayerStates states, LayerSlots slots, float* dx, float* gradient)
    {
        var count = Tokens.Count;
        var parameters = Parameters(weights.Flat);
        var normal = states.FeedForwardNormal.Of((long)count * C);
        var gateUp = states.GatesUps.Of((long)count * 2 * F);
        var gated = states.Gated.Of((long)count * F);
        Product.Of(new(dx, 1, C), new(gated, F), gradient + slots.Down.Offset, F, C, F, count, add: true);
        var dGated = _dWide.Of((long)count * F);
        Product.Of(new(dx, C, 1), new(parameters + slots.Down.Offset, F), dGated, F, count, F, C, add: false);
        Elementwise.GateBack(gateUp, dGated, count, F);
        Product.Of(new(gateUp, 1, 2 * F), new(normal, C), gradient + slots.GateUp.Offset, C, 2 * F, C, count, add: true);
        var dNormal = _dNormal.Of((long)count * C);
        Product.Of(new(gateUp, 2 * F, 1), new(parameters + slots.GateUp.Offset, C), dNormal, C, count, C, 2 * F, add: false);
        Elementwise.NormalizeBack(dNormal, normal, states.FeedForwardFactors.Of(count), dx, count, C);

        var qkv = states.QueriesKeysValues.Of((long)count * Wide);
        var attended = states.Attended.Of((long)count * Attended);
        normal = states.AttentionNormal.Of((long)count * C);
        Product.Of(new(dx, 1, C), new(attended, Attended), gradient + slots.AttentionOut.Offset, Attended, C, Attended, count, add: true);
        var dAttended = _dAttended.Of((long)count * Attended);
        Product.Of(new(dx, C, 1), new(parameters + slots.AttentionOut.Offset, Attended), dAttended, Attended, count, Attended, C, add: false);
        var dQkv = Cleared(_dWide, count * Wide);
        var probabilities = states.Probabilities.Of(0);
        foreach (var pack in Tokens.Packs)
        {
            var (at, seen) = ((long)pack.Start * Wide, (long)pack.Start * Attended);
            _attention.Back(pack, qkv + at, probabilities, attended + seen, dAttended + seen, dQkv + at);
            probabilities += pack.Scores * _config.NumAttentionHeads;
        }

        Rotate(dQkv, back: true);
        Product.Of(new(dQkv, 1, Wide), new(normal, C), gradient + slots.QueriesKeysValues.Offset, C, Wide, C, count, add: true);
        Product.Of(new(dQkv, Wide, 1), new(parameters + slots.QueriesKeysValues.Offset, C), dNormal, C, count, C, Wide, add: false);
        Elementwise.NormalizeBack(dNormal, normal, states.AttentionFactors.Of(count), dx, count, C);
    }

    // Queries are scaled too, so that scores need not be; so are their gradients on the way back.
    private void Rotate(float* qkv, bool back)
    {
        var (heads, size) = (_config.NumAttentionHeads, _config.HeadSize);
        for (var t = 0; t < Tokens.Count; t++, qkv += Wide)
        {
            var cosines = _rotary.Cosines(Tokens.Positions[t]);
            var sines = _rotary.Sines(Tokens.Positions[t]);
            Elementwise.Rotate(qkv, cosines, sines, heads, size, Scale, back);
            Elementwise.Rotate(qkv + heads * size, cosines, sines, _config.KeyValueHeads, size, 1, back);
        }
    }

    private long Probabilities(TokenLayout tokens) => tokens.Packs.Sum(pack => pack.Scores) * _config.NumAttentionHeads;

    private static float* Cleared(Scratch scratch, int numbers)
    {
        var room = scratch.Of(numbers);
        new Span<float>(room, numbers).Clear();
        return room;
    }

    // Its memory is libtorch's and does not move.
    private static float* Parameters(Tensor tensor) => (float*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(tensor.bytes));
}
