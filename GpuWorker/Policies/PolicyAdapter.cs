using GpuWorker.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace GpuWorker.Policies;

/// <summary>The low-rank factors of a LoRA adapter: one flat float32 buffer with a view for each use; PEFT's file format.</summary>
internal sealed class PolicyAdapter : IDisposable
{
    private const string Prefix = "base_model.model.";

    private readonly PolicyConfig _policy;

    private PolicyAdapter(PolicyConfig policy, LoraConfig config, IReadOnlyList<AdapterTarget> targets, Tensor flat)
    {
        (_policy, Config) = (policy, config);
        Buffer = new([.. targets.SelectMany(target => (ParameterSlot[])[target.A, target.B])], 0, flat);
        Layers = [.. targets.GroupBy(target => target.Layer).OrderBy(layer => layer.Key).Select(layer =>
        {
            LoraFactors[] Of(params string[] names) =>
                [.. layer.Where(target => names.Contains(target.Name)).Select(target => new LoraFactors(Buffer.View(target.A), Buffer.View(target.B), target.OutputOffset, config.Scaling))];
            return new LayerAdapters(Of("q_proj", "k_proj", "v_proj"), Of("o_proj"), Of("gate_proj", "up_proj"), Of("down_proj"));
        })];
    }

    public LoraConfig Config { get; }

    public ParameterBuffer Buffer { get; }

    public IReadOnlyList<LayerAdapters> Layers { get; }

    /// <summary>An adapter that has no effect yet: A uniform within 1/sqrt(inputs), B zero, as PEFT initialises it.</summary>
    /// <param name="layout">The policy's.</param>
    /// <param name="config">Rank, alpha and targets.</param>
    /// <param name="seed">Of A.</param>
    /// <param name="device">The policy's.</param>
    public static PolicyAdapter Fresh(PolicyLayout layout, LoraConfig config, ulong seed, Device device)
    {
        var targets = Targets(layout, config);
        using var scope = NewDisposeScope();
        using Generator generator = new(seed);
        var flat = zeros([Length(targets)]);
        foreach (var target in targets)
        {
            var a = rand([target.A.Length], generator: generator);
            flat.narrow(0, target.A.Offset, target.A.Length).copy_((a * 2 - 1) / Math.Sqrt(target.A.Columns));
        }

        return new(layout.Config, config, targets, flat.to(device).DetachFromDisposeScope());
    }

    /// <summary>Reads an <c>adapter_model.safetensors</c>.</summary>
    /// <exception cref="InvalidDataException">Tensors are missing, unknown, of another shape or not finite.</exception>
    public static PolicyAdapter Load(PolicyLayout layout, LoraConfig config, StoredBytes safetensors, Device device)
    {
        var targets = Targets(layout, config);
        var stored = SafetensorsFile.Read(safetensors);
        ParameterSlot[] slots = [.. targets.SelectMany(target => (ParameterSlot[])[target.A, target.B])];
        string[] missing = [.. slots.Select(slot => slot.Name).Except(stored.Keys)];
        string[] unknown = [.. stored.Keys.Except(slots.Select(slot => slot.Name))];
        string[] misshapen = [.. slots.Where(slot => stored.TryGetValue(slot.Name, out var found) && !found.Shape.SequenceEqual(slot.Shape)).Select(slot => slot.Name)];
        if (missing.Length + unknown.Length + misshapen.Length > 0)
        {
            throw new InvalidDataException(
                $"Expected the {slots.Length} tensors of this adapter_policy.json; missing: {string.Join(", ", missing)}; unknown: {string.Join(", ", unknown)}; of another shape: {string.Join(", ", misshapen)}.");
        }

        using var scope = NewDisposeScope();
        var flat = empty([Length(targets)], device: device);
        var order = tensor(RotaryEmbedding.Order(layout.Config), dtype: ScalarType.Int64, device: device);
        foreach (var slot in slots)
        {
            using var inner = NewDisposeScope();
            var target = flat.narrow(0, slot.Offset, slot.Length);
            TensorBytes.CopyTo(stored[slot.Name], target);
            if (slot.RotaryHeads > 0)
                target.copy_(target.view(slot.RotaryHeads, layout.Config.HeadSize, -1).index_select(1, order).reshape(-1));
        }

        return flat.isfinite().all().item<bool>()
            ? new(layout.Config, config, targets, flat.DetachFromDisposeScope())
            : throw new InvalidDataException("Expected an adapter of finite numbers, found one that is not.");
    }

    /// <summary>The <c>adapter_model.safetensors</c>; deterministic.</summary>
    public StoredBytes ToSafetensors() => SafetensorsFile.Write(
        Buffer.Slots.Select(slot => new TensorEntry(slot.Name, StoredType.F32, slot.Shape, stream =>
        {
            using var scope = NewDisposeScope();
            using var none = no_grad();
            TensorBytes.Write(RotaryEmbedding.ToCheckpointOrder(Buffer.Flat.narrow(0, slot.Offset, slot.Length), slot, _policy), ScalarType.Float32, stream);
        })),
        new Dictionary<string, string> { ["format"] = "pt" });

    /// <summary>The delta of each target's matrix, in a checkpoint's order and by its name there: scaling x B A.</summary>
    public IEnumerable<(string Name, Func<Tensor> Delta)> DeltaWeights() => Buffer.Slots.Chunk(2).Select(pair =>
    {
        Tensor Part(ParameterSlot slot) => RotaryEmbedding.ToCheckpointOrder(Buffer.Flat.narrow(0, slot.Offset, slot.Length), slot, _policy);
        var name = pair[0].Name[Prefix.Length..].Replace("lora_A.", "", StringComparison.Ordinal);
        return (name, (Func<Tensor>)(() => Part(pair[1]).mm(Part(pair[0])).mul(Config.Scaling)));
    });

    public void Dispose() => Buffer.Dispose();

    private static long Length(IReadOnlyList<AdapterTarget> targets) => targets.Sum(target => target.A.Length + target.B.Length);

    private static List<AdapterTarget> Targets(PolicyLayout layout, LoraConfig config)
    {
        List<AdapterTarget> targets = [];
        var offset = 0L;
        foreach (var slot in layout.Slots.Where(slot => slot.Offset >= layout.MatricesAt))
        {
            // model.layers.{i}.{block}.{target}.weight
            var parts = slot.Name.Split('.');
            if (!config.TargetModules.Contains(parts[4]))
                continue;
            ParameterSlot Add(string factor, int rows, int columns, int heads)
            {
                ParameterSlot added = new($"{Prefix}{slot.Name[..^".weight".Length]}.{factor}.weight", offset, rows, columns, heads);
                offset += added.Length;
                return added;
            }

            var layer = int.Parse(parts[2], System.Globalization.CultureInfo.InvariantCulture);
            var product = layout.Layers[layer];
            var at = parts[4] switch
            {
                "k_proj" or "v_proj" => (slot.Offset - product.QueriesKeysValues.Offset) / slot.Columns,
                "up_proj" => (slot.Offset - product.GateUp.Offset) / slot.Columns,
                _ => 0,
            };
            targets.Add(new(layer, parts[4], at, Add("lora_A", config.Rank, slot.Columns, 0), Add("lora_B", slot.Rows, config.Rank, slot.RotaryHeads)));
        }

        return targets;
    }

    private sealed record AdapterTarget(int Layer, string Name, long OutputOffset, ParameterSlot A, ParameterSlot B);
}

/// <summary>The factors beside each matrix of one layer.</summary>
internal sealed record LayerAdapters(
    IReadOnlyList<LoraFactors> QueriesKeysValues, IReadOnlyList<LoraFactors> AttentionOut, IReadOnlyList<LoraFactors> GateUp, IReadOnlyList<LoraFactors> Down);
