namespace GpuWorker.Worker;

/// <summary>Parts and manifests of states by SHA-256; the least recently used go when the bytes exceed the limit.</summary>
internal sealed class PartCache(long maxBytes)
{
    private readonly Dictionary<string, LinkedListNode<(string Hash, ReadOnlyMemory<byte> Bytes)>> _byHash = new(StringComparer.Ordinal);
    private readonly LinkedList<(string Hash, ReadOnlyMemory<byte> Bytes)> _byUse = new();

    public long Bytes { get; private set; }

    public bool TryGet(string hash, out ReadOnlyMemory<byte> bytes)
    {
        bytes = default;
        if (!_byHash.TryGetValue(hash, out var node))
            return false;
        _byUse.Remove(node);
        _byUse.AddFirst(node);
        bytes = node.Value.Bytes;
        return true;
    }

    /// <summary>Keeps the bytes; those larger than the whole cache are not kept.</summary>
    public void Add(string hash, ReadOnlyMemory<byte> bytes)
    {
        if (_byHash.ContainsKey(hash) || bytes.Length > maxBytes)
            return;
        _byHash.Add(hash, _byUse.AddFirst((hash, bytes)));
        Bytes += bytes.Length;
        while (Bytes > maxBytes && _byUse.Last is { } last)
        {
            _byUse.RemoveLast();
            _byHash.Remove(last.Value.Hash);
            Bytes -= last.Value.Bytes.Length;
        }
    }
}
