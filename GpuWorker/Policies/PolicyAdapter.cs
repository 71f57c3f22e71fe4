using GpuWorker.Checkpoints;
using TorchSharp;
using static TorchSharp.torch;

namespace GpuWorker.Policies;

/// <summary>The low-rank factors of a LoRA adapter: one flat float32 buffer, and views of it by use; PEFT's file format.</summary>
internal sealed class PolicyAdapter : IDisposable
{
    private const string Prefix = "base_model.model.";

    private readonly PolicyConfig _config;

    private PolicyAdapter(PolicyConfig config, AdapterShape shape, IReadOnlyList<AdapterTarget> targets, Tensor flat)
    {
        (_config, Shape) = (config, shape);
        Buffer = new([.. targets.SelectMany(target => (ParameterSlot[])[target.Down, target.Up])], 0, flat);
        Layers = [.. targets.GroupBy(target => target.Layer).OrderBy(layer => layer.Key).Select(layer =>
        {
            LowRank[] Of(params string[] names) =>
                [.. layer.Where(target => names.Contains(target.Name)).Select(target => new LowRank(Buffer.View(target.Down), Buffer.View(target.Up), target.At, shape.Scale))];
            return new LayerAdapters(Of("q_proj", "k_proj", "v_proj"), Of("o_proj"), Of("gate_proj", "up_proj"), Of("down_proj"));
        })];
    }

    public AdapterShape Shape { get; }

    public ParameterBuffer Buffer { get; }

    public IReadOnlyList<LayerAdapters> Layers { get; }

    /// <summary>An adapter that changes nothing yet: A uniform within 1/sqrt(inputs), B zero, as PEFT begins.</summary>
    /// <param name="layout">The policy's.</param>
    /// <param name="shape">Rank, alpha and targets.</param>
    /// <param name="seed">Of A.</param>
    /// <param name="device">The policy's.</param>
    public static PolicyAdapter Fresh(PolicyLayout layout, AdapterShape shape, ulong seed, Device device)
    {
        var targets = Targets(layout, shape);
        using var scope = NewDisposeScope();
        using Generator generator = new(seed);
        var flat = zeros([Length(targets)]);
        foreach (var target in targets)
        {
            var down = rand([target.Down.Length], generator: generator);
            flat.narrow(0, target.Down.Offset, target.Down.Length).copy_((down * 2 - 1) / Math.Sqrt(target.Down.Columns));
        }

        return new(layout.Config, shape, targets, flat.to(device).DetachFromDisposeScope());
    }

    /// <summary>Reads an <c>adapter_model.safetensors</c>.</summary>
    /// <exception cref="InvalidDataException">Tensors are missing, unknown, of another shape or not finite.</exception>
    public static PolicyAdapter Load(PolicyLayout layout, AdapterShape shape, StoredBytes safetensors, Device device)
    {
        var targets = Targets(layout, shape);
        var stored = SafetensorsFile.Read(safetensors);
        ParameterSlot[] slots = [.. targets.SelectMany(target => (ParameterSlot[])[target.Down, target.Up])];
        string[] missing = [.. slots.Select(slot => slot.Name).Except(stored.Keys)];
        string[] unknown = [.. stored.Keys.Except(slots.Select(slot => slot.Name))];
        string[] misshapen = [.. slots.Where(slot => stored.TryGetValue(slot.Name, out var found) && !found.Shape.SequenceEqual(slot.Shape)).Select(slot => slot.Name)];
        if (missing.Length + unknown.Length + misshapen.Length > 0)
        {
            throw new InvalidDataException(
                $"Expected the {slots.Length} tensors of this adapter_config.json; missing: {string.Join(", ", missing)}; unknown: {string.Join(", ", unknown)}; of another shape: {string.Join(", ", misshapen)}.");
        }

        using var scope = NewDisposeScope();
        var flat = empty([Length(targets)], device: device);
        var order = tensor(RotaryPositions.Order(layout.Config), dtype: ScalarType.Int64, device: device);
        foreach (var slot in slots)
        {
            using var inner = NewDisposeScope();
            var target = flat.narrow(0, slot.Offset, slot.Length);
            TensorBytes.CopyTo(stored[slot.Name], target);
            if (slot.RotaryHeads > 0)
                target.copy_(target.view(slot.RotaryHeads, layout.Config.HeadSize, -1).index_select(1, order).reshape(-1));
        }

        return flat.isfinite().all().item<bool>()
            ? new(layout.Config, shape, targets, flat.DetachFromDisposeScope())
            : throw new InvalidDataException("Expected a finite adapter, found a number in it that is not.");
    }

    /// <summary>The <c>adapter_model.safetensors</c>; deterministic.</summary>
    public StoredBytes ToSafetensors() => SafetensorsFile.Write(
        Buffer.Slots.Select(slot => new TensorEntry(slot.Name, StoredType.F32, slot.Shape, stream =>
        {
            using var scope = NewDisposeScope();
            using var none = no_grad();
            TensorBytes.Write(RotaryPositions.InFileOrder(Buffer.Flat.narrow(0, slot.Offset, slot.Length), slot, _config), ScalarType.Float32, stream);
        })),
        new Dictionary<string, string> { ["format"] = "pt" });

    /// <summary>What each target's matrix gains, in a checkpoint's order and by its name there: scale x B A.</summary>
    public IEnumerable<(string Name, Func<Tensor> Gain)> Gains() => Buffer.Slots.Chunk(2).Select(pair =>
    {
        Tensor Part(ParameterSlot slot) => RotaryPositions.InFileOrder(Buffer.Flat.narrow(0, slot.Offset, slot.Length), slot, _config);
        var name = pair[0].Name[Prefix.Length..].Replace("lora_A.", "", StringComparison.Ordinal);
        return (name, (Func<Tensor>)(() => Part(pair[1]).mm(Part(pair[0])).mul(Shape.Scale)));
    });

    public void Dispose() => Buffer.Dispose();

    private static long Length(IReadOnlyList<AdapterTarget> targets) => targets.Sum(target => target.Down.Length + target.Up.Length);

    private static List<AdapterTarget> Targets(PolicyLayout layout, AdapterShape shape)
    {
        List<AdapterTarget> targets = [];
        var offset = 0L;
        foreach (var slot in layout.Slots.Where(slot => slot.Offset >= layout.MatricesAt))
        {
            // model.layers.{i}.{block}.{target}.weight
            var parts = slot.Name.Split('.');
            if (!shape.TargetModules.Contains(parts[4]))
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
            targets.Add(new(layer, parts[4], at, Add("lora_A", shape.Rank, slot.Columns, 0), Add("lora_B", slot.Rows, shape.Rank, slot.RotaryHeads)));
        }

        return targets;
    }

    private sealed record AdapterTarget(int Layer, string Name, long At, ParameterSlot Down, ParameterSlot Up);
}

/// <summary>The factors beside each product of one layer.</summary>
internal sealed record LayerAdapters(
    IReadOnlyList<LowRank> QueriesKeysValues, IReadOnlyList<LowRank> AttentionOut, IReadOnlyList<LowRank> GateUp, IReadOnlyList<LowRank> Down);
