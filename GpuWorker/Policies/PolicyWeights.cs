using GpuWorker.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace GpuWorker.Policies;

/// <summary>A policy's parameters: one flat buffer with a view for each use, and the adapter, if any.</summary>
internal sealed class PolicyWeights : IDisposable
{
    private PolicyWeights(PolicyLayout layout, Tensor flat)
    {
        Layout = layout;
        Parameters = new(layout.Slots, layout.MatricesAt, flat);
        Embedding = Parameters.View(layout.Embedding);
        Output = ReferenceEquals(layout.Output, layout.Embedding) ? Embedding : Parameters.View(layout.Output);
        FinalNorm = Parameters.View(layout.FinalNorm);
        Layers = [.. layout.Layers.Select(slots => new LayerWeights(
            Vectors(slots.Vectors), Parameters.View(slots.QueriesKeysValues), Parameters.View(slots.AttentionOut), Parameters.View(slots.GateUp), Parameters.View(slots.Down)))];
    }

    public PolicyLayout Layout { get; }

    public PolicyConfig Config => Layout.Config;

    /// <summary>The policy's own parameters, in the layout's order.</summary>
    public ParameterBuffer Parameters { get; }

    /// <summary>Low-rank factors beside the policy's own matrices; null where there are none. Disposed with the policy.</summary>
    public PolicyAdapter? Adapter { get; private set; }

    /// <summary>What training changes: the adapter alone if there is one.</summary>
    public ParameterBuffer Trainable => Adapter?.Buffer ?? Parameters;

    /// <summary>Every parameter of its own, in the layout's order.</summary>
    public Tensor Flat => Parameters.Flat;

    /// <summary>The gradients of what is trained; null until <see cref="RequireGradients"/>.</summary>
    public Tensor? Gradient => Trainable.Gradient;

    /// <summary>[V, C].</summary>
    public Tensor Embedding { get; }

    /// <summary>[V, C]; the embedding itself where they are tied.</summary>
    public Tensor Output { get; }

    /// <summary>[C].</summary>
    public Tensor FinalNorm { get; }

    public IReadOnlyList<LayerWeights> Layers { get; }

    /// <summary>The tokens that are never sampled, int64: padding of the vocabulary, and holes in it. Null for none. Disposed with the policy.</summary>
    public Tensor? SuppressedTokensS { get; private set; }

    /// <summary>Reads a checkpoint in one file, of any float type, into float32 (or <paramref name="dtype"/>).</summary>
    public static PolicyWeights Load(PolicyConfig config, StoredBytes safetensors, Device device, ScalarType dtype = ScalarType.Float32) =>
        Load(config, [safetensors], device, dtype);

    /// <summary>Reads a checkpoint of any float type into float32 (or <paramref name="dtype"/>), a block at a time: beside the policy no more than one tensor is in memory.</summary>
    /// <exception cref="InvalidDataException">Tensors are missing, of another shape, left over or not finite; all are named.</exception>
    public static PolicyWeights Load(
        PolicyConfig config, IReadOnlyList<StoredBytes> shards, Device device, ScalarType dtype = ScalarType.Float32)
    {
        PolicyLayout layout = new(config);
        var stored = CheckpointTensors.Read(shards, layout);
        using var scope = NewDisposeScope();
        var flat = empty([layout.Length], dtype: dtype, device: device);
        var order = tensor(RotaryEmbedding.Order(config), dtype: ScalarType.Int64, device: device);
        List<string> unfit = [];
        foreach (var slot in layout.Slots)
        {
            using var inner = NewDisposeScope();
            var target = flat.narrow(0, slot.Offset, slot.Length);
            TensorBytes.CopyTo(stored[slot.Name], target);
            if (slot.RotaryHeads > 0)
                target.copy_(target.view(slot.RotaryHeads, config.HeadSize, -1).index_select(1, order).reshape(-1));
            if (!target.sum(ScalarType.Float64).isfinite().item<bool>())
                unfit.Add(slot.Name);
        }

        return unfit.Count == 0
            ? new(layout, flat.DetachFromDisposeScope())
            : throw new InvalidDataException($"Expected parameters that are finite in {dtype}, found others in {string.Join(", ", unfit)}.");
    }

    /// <summary>Random parameters: a pure function of the configuration and the seed.</summary>
    /// <remarks>Norms 1; biases 0; embedding std 0.05; matrices std 1/sqrt(inputs), those that end in the residual stream divided by sqrt(2 layers).</remarks>
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
                part.fill_(slot.Name.EndsWith(".bias", StringComparison.Ordinal) ? 0 : 1);
            else if (slot.Offset < layout.MatricesAt)
                part.mul_(0.05);
            else
                part.mul_(1 / Math.Sqrt(slot.Columns) / (EndsInResidual(slot) ? Math.Sqrt(2 * config.NumHiddenLayers) : 1));
        }

        return new(layout, flat.to(device).DetachFromDisposeScope());
    }

    /// <summary>The checkpoint under the names of a model folder, in the policy's precision (or as <paramref name="type"/>); deterministic.</summary>
    public StoredBytes ToSafetensors(StoredType? type = null)
    {
        var stored = type ?? (Parameters.IsLowPrecision ? TensorBytes.TypeOf(Flat.dtype) : StoredType.F32);
        return SafetensorsFile.Write(Layout.Slots.Select(slot => new TensorEntry(slot.Name, stored, slot.Shape, stream =>
        {
            using var scope = NewDisposeScope();
            using var none = no_grad();
            TensorBytes.Write(ToCheckpointOrder(slot), TensorBytes.TypeOf(stored), stream);
        })));
    }

    /// <summary>A slot's parameters in the order of a checkpoint.</summary>
    public Tensor ToCheckpointOrder(ParameterSlot slot) => RotaryEmbedding.ToCheckpointOrder(Flat.narrow(0, slot.Offset, slot.Length), slot, Config);

    /// <summary>Attaches an adapter; the policy's own parameters are frozen from then on.</summary>
    public void Attach(PolicyAdapter adapter) => Adapter = Adapter is null && Parameters.Gradient is null
        ? adapter
        : throw new InvalidOperationException("Expected a policy without an adapter that is not trained yet.");

    /// <summary>Excludes tokens from sampling and from every log-probability.</summary>
    public void SuppressTokens(IReadOnlyCollection<int> suppressed)
    {
        using var scope = NewDisposeScope();
        SuppressedTokensS?.Dispose();
        SuppressedTokensS = suppressed.Count == 0 ? null : tensor(suppressed.Select(id => (long)id).ToArray(), device: Flat.device).DetachFromDisposeScope();
    }

    /// <summary>Turns on gradients; they accumulate in <see cref="Gradient"/>.</summary>
    public Tensor RequireGradients() => Trainable.RequireGradients();

    public void Dispose()
    {
        SuppressedTokensS?.Dispose();
        Adapter?.Dispose();
        Parameters.Dispose();
    }

    private LayerVectors Vectors(VectorSlots slots)
    {
        Tensor? View(ParameterSlot? slot) => slot is null ? null : Parameters.View(slot);
        return new(
            View(slots.AttentionNorm), View(slots.FeedForwardNorm), View(slots.QueryNorm), View(slots.KeyNorm),
            View(slots.QueriesKeysValuesBias), View(slots.AttentionOutBias), View(slots.GateUpBias), View(slots.DownBias));
    }

    private static bool EndsInResidual(ParameterSlot slot) =>
        slot.Name.EndsWith("o_proj.weight", StringComparison.Ordinal) || slot.Name.EndsWith("down_proj.weight", StringComparison.Ordinal);
}

/// <summary>One layer's parameters: matrices [outputs, inputs].</summary>
internal sealed record LayerWeights(LayerVectors Vectors, Tensor QueriesKeysValues, Tensor AttentionOut, Tensor GateUp, Tensor Down);

/// <summary>One layer's norms, [C] and [D], and biases, [outputs]; null for those that the policy does not have.</summary>
internal sealed record LayerVectors(
    Tensor? AttentionNorm, Tensor? FeedForwardNorm, Tensor? QueryNorm, Tensor? KeyNorm,
    Tensor? QueriesKeysValuesBias, Tensor? AttentionOutBias, Tensor? GateUpBias, Tensor? DownBias);
