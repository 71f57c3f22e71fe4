using GpuWorker.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace GpuWorker.Policies;

/// <summary>A policy's parameters: one flat buffer, and views of it by use.</summary>
internal sealed class PolicyWeights : IDisposable
{
    private readonly List<Tensor> _views = [];

    private PolicyWeights(PolicyLayout layout, Tensor flat)
    {
        Layout = layout;
        Flat = flat;
        using var scope = NewDisposeScope();
        using var none = no_grad();
        Embedding = View(layout.Embedding);
        Output = ReferenceEquals(layout.Output, layout.Embedding) ? Embedding : View(layout.Output);
        FinalNorm = View(layout.FinalNorm);
        Layers = [.. layout.Layers.Select(slots => new LayerWeights(
            ViewOrNone(slots.AttentionNorm), View(slots.QueriesKeysValues), View(slots.AttentionOut),
            ViewOrNone(slots.FeedForwardNorm), View(slots.GateUp), View(slots.Down)))];
    }

    public PolicyLayout Layout { get; }

    public PolicyConfig Config => Layout.Config;

    /// <summary>Every parameter, in the layout's order.</summary>
    public Tensor Flat { get; }

    /// <summary>Every parameter's gradient, in the same order; null until <see cref="RequireGradients"/>.</summary>
    public Tensor? Gradient { get; private set; }

    /// <summary>[V, C].</summary>
    public Tensor Embedding { get; }

    /// <summary>[V, C]; the embedding itself where they are tied.</summary>
    public Tensor Output { get; }

    /// <summary>[C].</summary>
    public Tensor FinalNorm { get; }

    public IReadOnlyList<LayerWeights> Layers { get; }

    /// <summary>Reads a checkpoint of any float type into float32 (or <paramref name="dtype"/>).</summary>
    /// <exception cref="InvalidDataException">A tensor is missing, has another shape, is left over or is not finite.</exception>
    public static PolicyWeights Load(
        PolicyConfig config, ReadOnlyMemory<byte> safetensors, Device device, ScalarType dtype = ScalarType.Float32)
    {
        PolicyLayout layout = new(config);
        var stored = SafetensorsFile.Read(safetensors);
        var unknown = stored.Keys.Except(layout.Slots.Select(slot => slot.Name)).Where(name => !IsDerived(config, name)).ToArray();
        if (unknown.Length > 0)
            throw new InvalidDataException($"Expected the {layout.Slots.Count} tensors of this config.json, found also {string.Join(", ", unknown)}.");

        using var scope = NewDisposeScope();
        var flat = empty([layout.Length], dtype: dtype);
        var order = tensor(RotaryPositions.Order(config), dtype: ScalarType.Int64);
        foreach (var slot in layout.Slots)
        {
            if (!stored.TryGetValue(slot.Name, out var part))
                throw new InvalidDataException($"Expected tensor '{slot.Name}', found none of that name.");
            if (!part.Shape.SequenceEqual(slot.Shape))
                throw new InvalidDataException($"Expected tensor '{slot.Name}' of shape [{string.Join(", ", slot.Shape)}], found [{string.Join(", ", part.Shape)}].");

            using var inner = NewDisposeScope();
            var value = TensorBytes.Load(part).to(dtype);
            if (slot.RotaryHeads > 0)
                value = value.view(slot.RotaryHeads, config.HeadSize, slot.Columns).index_select(1, order);
            flat.narrow(0, slot.Offset, slot.Length).copy_(value.reshape(-1));
        }

        if (!flat.isfinite().all().item<bool>())
            throw new InvalidDataException("Expected finite parameters, found one that is not.");
        return new(layout, flat.to(device).DetachFromDisposeScope());
    }

    /// <summary>Random parameters: a pure function of the configuration and the seed.</summary>
    /// <remarks>Norms 1; embedding std 0.05; matrices std 1/sqrt(inputs), those that end in the residual stream divided by sqrt(2 layers).</remarks>
    public static PolicyWeights Random(PolicyConfig config, int seed, Device device, ScalarType dtype = ScalarType.Float32)
    {
        PolicyLayout layout = new(config);
        using var scope = NewDisposeScope();
        using Generator generator = new((ulong)(uint)seed);
        var flat = randn([layout.Length], dtype: dtype, generator: generator);
        foreach (var slot in layout.Slots)
        {
            var part = flat.narrow(0, slot.Offset, slot.Length);
            if (slot.Columns == 0)
                part.fill_(1);
            else if (slot.Offset < layout.MatricesAt)
                part.mul_(0.05);
            else
                part.mul_(1 / Math.Sqrt(slot.Columns) / (EndsInResidual(slot) ? Math.Sqrt(2 * config.NumHiddenLayers) : 1));
        }

        return new(layout, flat.to(device).DetachFromDisposeScope());
    }

    /// <summary>The checkpoint, float32 under the names of a LLaMA model; deterministic.</summary>
    public byte[] ToSafetensors()
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var here = Flat.cpu().to(ScalarType.Float32);
        var order = RotaryPositions.Order(Config);
        var back = tensor(Enumerable.Range(0, order.Length).Select(i => (long)Array.IndexOf(order, i)).ToArray());
        Dictionary<string, StoredTensor> stored = [];
        foreach (var slot in Layout.Slots)
        {
            var value = here.narrow(0, slot.Offset, slot.Length);
            if (slot.RotaryHeads > 0)
                value = value.view(slot.RotaryHeads, Config.HeadSize, slot.Columns).index_select(1, back);
            stored[slot.Name] = TensorBytes.Save(value.reshape(slot.Shape));
        }

        return SafetensorsFile.Write(stored);
    }

    /// <summary>Makes the parameters trainable; their gradients gather in <see cref="Gradient"/>.</summary>
    public Tensor RequireGradients()
    {
        if (Gradient is not null)
            return Gradient;

        using var scope = NewDisposeScope();
        using var none = no_grad();
        Gradient = zeros_like(Flat).DetachFromDisposeScope();
        foreach (var (view, slot) in Leaves())
        {
            view.requires_grad_(true);
            view.grad = Gradient.narrow(0, slot.Offset, slot.Length).view(slot.Shape);
        }

        return Gradient;
    }

    public void Dispose()
    {
        foreach (var view in _views)
            view.Dispose();
        Gradient?.Dispose();
        Flat.Dispose();
    }

    private IEnumerable<(Tensor View, ParameterSlot Slot)> Leaves()
    {
        yield return (Embedding, Layout.Embedding);
        if (!ReferenceEquals(Output, Embedding))
            yield return (Output, Layout.Output);
        yield return (FinalNorm, Layout.FinalNorm);
        foreach (var (weights, slots) in Layers.Zip(Layout.Layers))
        {
            if (weights is { AttentionNorm: { } attentionNorm, FeedForwardNorm: { } feedForwardNorm })
            {
                yield return (attentionNorm, slots.AttentionNorm!);
                yield return (feedForwardNorm, slots.FeedForwardNorm!);
            }

            yield return (weights.QueriesKeysValues, slots.QueriesKeysValues);
            yield return (weights.AttentionOut, slots.AttentionOut);
            yield return (weights.GateUp, slots.GateUp);
            yield return (weights.Down, slots.Down);
        }
    }

    private Tensor? ViewOrNone(ParameterSlot? slot) => slot is null ? null : View(slot);

    private Tensor View(ParameterSlot slot)
    {
        var view = Flat.narrow(0, slot.Offset, slot.Length).view(slot.Shape).detach().DetachFromDisposeScope();
        _views.Add(view);
        return view;
    }

    private static bool EndsInResidual(ParameterSlot slot) =>
        slot.Name.EndsWith("o_proj.weight", StringComparison.Ordinal) || slot.Name.EndsWith("down_proj.weight", StringComparison.Ordinal);

    // Older checkpoints carry the frequencies, and tied ones sometimes a second copy of the embedding.
    private static bool IsDerived(PolicyConfig config, string name) =>
        name.EndsWith("rotary_emb.inv_freq", StringComparison.Ordinal) || (config.TieWordEmbeddings && name == "lm_head.weight");
}

/// <summary>One layer's parameters: norms [C], null in a policy without their weights; products [outputs, inputs].</summary>
internal sealed record LayerWeights(
    Tensor? AttentionNorm,
    Tensor QueriesKeysValues,
    Tensor AttentionOut,
    Tensor? FeedForwardNorm,
    Tensor GateUp,
    Tensor Down);
