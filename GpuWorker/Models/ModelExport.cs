using System.Text.Json;
using GpuWorker.Checkpoints;
using GpuWorker.Execution;
using GpuWorker.Policies;
using static TorchSharp.torch;

namespace GpuWorker.Models;

/// <summary>Writes a state as a folder that other programs load: a model, or an adapter as PEFT has it.</summary>
internal static class ModelExport
{
    /// <summary>Writes the folder, which must be new or empty.</summary>
    /// <param name="parts">The state's parts.</param>
    /// <param name="folder">Where.</param>
    /// <param name="merge">For a state with an adapter, whether the model with the adapter merged in is written in place of the adapter alone.</param>
    /// <param name="type">What a fully trained policy is stored as; null for how it was trained.</param>
    /// <exception cref="InvalidDataException">The folder has files, or the state has no adapter to merge.</exception>
    public static IReadOnlyList<string> Write(IReadOnlyDictionary<string, StoredBytes> parts, string folder, bool merge, StoredType? type)
    {
        Directory.CreateDirectory(folder);
        if (Directory.EnumerateFileSystemEntries(folder).Any())
            throw new InvalidDataException($"Expected a new or an empty folder, found files in {folder}.");
        var adapter = parts.GetValueOrDefault(StatePartNames.Adapter);
        if (merge && adapter is null)
            throw new InvalidDataException("Expected a state with an adapter to merge, found one without: leave --merge out.");

        List<string> written = [];
        void Put(string file, StoredBytes bytes)
        {
            using var stream = File.Create(Path.Combine(folder, file));
            bytes.WriteTo(stream);
            written.Add(file);
        }

        if (adapter is not null && !merge)
        {
            Put("adapter_model.safetensors", adapter);
            Put("adapter_config.json", parts[StatePartNames.AdapterConfig]);
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
            Put(file, factors is not null ? MergedFile.Write(shards[i], factors) : type is { } other ? Converted(shards[i], other) : shards[i]);
            foreach (var name in SafetensorsFile.Read(shards[i]).Keys)
                map.Add(name, file);
        }

        if (shards.Length > 1)
            Put(ModelFiles.Index, IndexOf(map, shards.Sum(shard => SafetensorsFile.Read(shard).Values.Sum(tensor => tensor.Data.Length))));
        return written;
    }

    /// <summary>The same tensors stored as another type; finer numbers that were coarse ones come back to the same bytes.</summary>
    public static StoredBytes Converted(StoredBytes file, StoredType type) => SafetensorsFile.Write(SafetensorsFile.Read(file).Select(pair =>
        new TensorEntry(pair.Key, type, pair.Value.Shape, stream =>
        {
            using var scope = NewDisposeScope();
            if (pair.Value.Type == type)
                pair.Value.Data.WriteTo(stream);
            else
                TensorBytes.Write(TensorBytes.Load(pair.Value), TensorBytes.TypeOf(type), stream);
        })));

    private static PolicyAdapter LoadAdapter(PolicyConfig config, IReadOnlyDictionary<string, StoredBytes> parts) =>
        PolicyAdapter.Load(new(config), AdapterShape.Read(parts[StatePartNames.AdapterConfig].ToArray()), parts[StatePartNames.Adapter], CPU);

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
