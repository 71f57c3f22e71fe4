using GpuWorker.Checkpoints;

namespace GpuWorker.Policies;

/// <summary>The tensors of a checkpoint in one or more files, checked against a policy's layout.</summary>
internal static class CheckpointTensors
{
    private const string Head = "lm_head.weight";

    /// <summary>Every slot's tensor by name.</summary>
    /// <exception cref="InvalidDataException">A file cannot be read, or tensors are missing, unknown, of another shape or duplicated: all are listed.</exception>
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
        List("of integers", [.. layout.Slots.Where(slot => stored.TryGetValue(slot.Name, out var found) && found.Type == StoredType.I64).Select(slot => slot.Name)]);
        if (layout.Config.TieWordEmbeddings && stored.TryGetValue(Head, out var head) && stored.TryGetValue(layout.Embedding.Name, out var embedding) && !Same(head, embedding))
            faults.Add($"{Head} differs from {layout.Embedding.Name}, although config.json ties them: set tie_word_embeddings to false there to use it, or remove the tensor");
        return faults.Count == 0
            ? stored
            : throw new InvalidDataException($"Expected the {layout.Slots.Count} tensors of this config.json; {string.Join("; ", faults)}.");
    }

    // Older checkpoints carry the frequencies, and tied ones sometimes a second copy of the embedding.
    private static bool IsDerived(PolicyConfig config, string name) =>
        name.EndsWith("rotary_emb.inv_freq", StringComparison.Ordinal) || (config.TieWordEmbeddings && name == Head);

    private static bool Same(StoredTensor one, StoredTensor other)
    {
        if (one.Type != other.Type || one.Data.Length != other.Data.Length)
            return false;
        var length = (int)Math.Min(StoredBytes.Block, one.Data.Length);
        var (first, second) = (new byte[length], new byte[length]);
        for (var at = 0L; at < one.Data.Length; at += length)
        {
            var count = (int)Math.Min(length, one.Data.Length - at);
            one.Data.CopyTo(at, first.AsSpan(0, count));
            other.Data.CopyTo(at, second.AsSpan(0, count));
            if (!first.AsSpan(0, count).SequenceEqual(second.AsSpan(0, count)))
                return false;
        }

        return true;
    }
}
