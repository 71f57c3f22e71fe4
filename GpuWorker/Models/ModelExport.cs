using System.Text.Json;
using GpuWorker.Checkpoints;
using GpuWorker.Items;
using GpuWorker.Policies;
using TorchSharp;
using static TorchSharp.torch;

namespace GpuWorker.Models;

/// <summary>Exports a state as a folder that other programs load: a model, or an adapter in PEFT's format.</summary>
internal static class ModelExport
{
    /// <summary>Readers of PyTorch models look for this in a file's header; several fail without it.</summary>
    private static readonly Dictionary<string, string> Metadata = new() { ["format"] = "pt" };

    /// <summary>Writes the folder, which must be new or empty.</summary>
    /// <param name="parts">The state's parts.</param>
    /// <param name="folder">Where.</param>
    /// <param name="choice">As what.</param>
    /// <exception cref="InvalidDataException">The folder has files, or the state is not one that can be written so.</exception>
    public static IReadOnlyList<string> Write(IReadOnlyDictionary<string, StoredBytes> parts, string folder, ExportOptions choice)
    {
        Directory.CreateDirectory(folder);
        if (Directory.EnumerateFileSystemEntries(folder).Any())
            throw new InvalidDataException($"Expected a new or empty folder, found files in {folder}.");
        var adapter = parts.GetValueOrDefault(StatePartNames.Adapter);
        if (choice.Merge && adapter is null)
            throw new InvalidDataException("Expected a state with an adapter to merge, found one without: leave --merge out.");

        if (choice.Type is not null && adapter is not null)
            throw new InvalidDataException(
                "Expected --dtype with a fully trained state, found one with an adapter, whose factors are float32 and which has the base's dtype when merged. Leave --dtype out.");

        List<string> written = [];
        void Put(string file, StoredBytes bytes)
        {
            using var stream = File.Create(Path.Combine(folder, file));
            bytes.WriteTo(stream);
            written.Add(file);
        }

        if (adapter is not null && !choice.Merge)
        {
            Put("adapter_model.safetensors", adapter);
            var shape = LoraConfig.Read(parts[StatePartNames.AdapterConfig].ToArray());
            shape.BaseModelNameOrPath = choice.BaseModel ?? shape.BaseModelNameOrPath;
            Put("adapter_config.json", shape.ToBytes());
            return written;
        }

        foreach (var (file, part) in ModelFiles.PartOf)
        {
            if (parts.TryGetValue(part, out var bytes))
                Put(file, bytes);
        }

        var shards = parts.Where(part => StatePartNames.IsPolicy(part.Key)).OrderBy(part => part.Key, StringComparer.Ordinal).Select(part => part.Value).ToArray();
        var config = PolicyConfig.Read(parts[StatePartNames.Config].ToArray());
        using var scope = NewDisposeScope();
        using var factors = adapter is null ? null : LoadAdapter(config, parts);
        Dictionary<string, string> map = new(StringComparer.Ordinal);
        for (var i = 0; i < shards.Length; i++)
        {
            var file = shards.Length == 1 ? ModelFiles.SingleFile : FormattableString.Invariant($"model-{i + 1:D5}-of-{shards.Length:D5}.safetensors");
            Put(file, factors is not null ? AdapterMerge.Write(shards[i], factors) : choice.Trained || choice.Type is not null ? Converted(shards[i], choice.Type) : shards[i]);
            foreach (var name in SafetensorsFile.Read(shards[i]).Keys)
                map.Add(name, file);
        }

        long Size(StoredTensor tensor) => tensor.Data.Length / tensor.ElementSize * StoredTensor.SizeOf(choice.Type ?? tensor.Type);
        if (shards.Length > 1)
            Put(ModelFiles.Index, IndexOf(map, shards.Sum(shard => SafetensorsFile.Read(shard).Values.Sum(Size))));
        return written;
    }

    /// <summary>The same tensors, converted to another dtype if one is given, under a header that marks them as PyTorch's; numbers that were widened convert back to the same bytes.</summary>
    /// <exception cref="InvalidDataException">A tensor has numbers beyond the range of the type.</exception>
    public static StoredBytes Converted(StoredBytes file, StoredType? type) => SafetensorsFile.Write(
        SafetensorsFile.Read(file).Select(pair => new TensorEntry(pair.Key, type ?? pair.Value.Type, pair.Value.Shape, stream =>
        {
            if (type is not { } other || pair.Value.Type == other)
            {
                pair.Value.Data.WriteTo(stream);
                return;
            }

            using var scope = NewDisposeScope();
            var value = TensorBytes.Load(pair.Value);
            if (other == StoredType.F16 && value.numel() > 0 && Math.Max(value.max().ToDouble(), -value.min().ToDouble()) > 65504)
                throw new InvalidDataException($"Expected numbers within 65504 for --dtype F16, found larger ones in {pair.Key}: use BF16 or F32.");
            TensorBytes.Write(value, TensorBytes.TypeOf(other), stream);
        })),
        Metadata);

    private static PolicyAdapter LoadAdapter(PolicyConfig config, IReadOnlyDictionary<string, StoredBytes> parts) =>
        PolicyAdapter.Load(new(config), LoraConfig.Read(parts[StatePartNames.AdapterConfig].ToArray()), parts[StatePartNames.Adapter], CPU);

    private static byte[] IndexOf(Dictionary<string, string> map, long bytes)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json, new() { Indented = true }))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("metadata");
            writer.WriteNumber("total_size", bytes);
            writer.WriteEndObject();
            writer.WriteStartObject("weight_map");
            foreach (var (name, file) in map.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                writer.WriteString(name, file);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return json.ToArray();
    }
}

/// <summary>How a state is exported.</summary>
/// <param name="Merge">For a state with an adapter, whether the model with the adapter merged in is written instead of the adapter alone.</param>
/// <param name="Type">The dtype of a fully trained policy; null for the one it was trained in.</param>
/// <param name="Trained">Whether the policy's files are a worker's own; a base's are written byte for byte as they came.</param>
/// <param name="BaseModel">The model that an adapter belongs to; null where it is not known.</param>
internal sealed record ExportOptions(bool Merge = false, StoredType? Type = null, bool Trained = false, string? BaseModel = null);
