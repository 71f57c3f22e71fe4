using GpuWorker.Checkpoints;

namespace GpuWorker.Policies;

/// <summary>The tensors of a checkpoint in one or more files, held against a policy's layout.</summary>
internal static class CheckpointTensors
{
    /// <summary>Every slot's tensor by name.</summary>
    /// <exception cref="InvalidDataException">A file cannot be read, or tensors are missing, unknown, of another shape or there twice: all are listed.</exception>
    public static IReadOnlyDictionary<string, StoredTensor> Read(IReadOnlyList<StoredBytes> shards, PolicyLayout layout)
    {
        Dictionary<string, StoredTensor> stored = new(StringComparer.Ordinal);
        List<string> twice = [];
        foreach (var (name, tensor) in shards.SelectMany(SafetensorsFile.Read))
        {
            if (!stored.TryAdd(name, tensor))
                twice.Add(name);
        }

        var names = layout.Slots.Select(slot => slot.Name).ToHashSet(StringComparer.Ordinal);
        List<string> faults = [];
        void List(string fault, IReadOnlyList<string> found)
        {
            if (found.Count > 0)
                faults.Add($"{fault} {string.Join(", ", found.Order(StringComparer.Ordinal))}");
        }

        List("missing", [.. names.Where(name => !stored.ContainsKey(name))]);
        List("unknown", [.. stored.Keys.Where(name => !names.Contains(name) && !IsDerived(layout.Config, name))]);
        List("in more than one file", twice);
        List("of another shape", [.. layout.Slots
            .Where(slot => stored.TryGetValue(slot.Name, out var found) && !found.Shape.SequenceEqual(slot.Shape))
            .Select(slot => $"{slot.Name} (expected [{string.Join(", ", slot.Shape)}], found [{string.Join(", ", stored[slot.Name].Shape)}])")]);
        List("of whole numbers", [.. layout.Slots.Where(slot => stored.TryGetValue(slot.Name, out var found) && found.Type == StoredType.I64).Select(slot => slot.Name)]);
        return faults.Count == 0
            ? stored
            : throw new InvalidDataException($"Expected the {layout.Slots.Count} tensors of this config.json; {string.Join("; ", faults)}.");
    }

    // Older checkpoints carry the frequencies, and tied ones sometimes a second copy of the embedding.
    private static bool IsDerived(PolicyConfig config, string name) =>
        name.EndsWith("rotary_emb.inv_freq", StringComparison.Ordinal) || (config.TieWordEmbeddings && name == "lm_head.weight");
}
