using GpuWorker.Checkpoints;

namespace GpuWorker.Worker;

/// <summary>Parts and manifests of states by SHA-256; the least recently used are evicted when the bytes exceed the limit.</summary>
/// <remarks>Files have a limit of their own: they take disk, not memory.</remarks>
internal sealed class PartCache(long maxBytes, long maxFileBytes = long.MaxValue)
{
    private readonly Recent _memory = new(maxBytes);
    private readonly Recent _files = new(maxFileBytes);

    /// <summary>Bytes in memory.</summary>
    public long Bytes => _memory.Bytes;

    /// <summary>Bytes in files.</summary>
    public long FileBytes => _files.Bytes;

    public bool TryGet(string hash, out StoredBytes bytes)
    {
        lock (_memory)
            return _memory.TryGet(hash, out bytes) || _files.TryGet(hash, out bytes);
    }

    /// <summary>Keeps the bytes; those larger than the whole cache are not kept.</summary>
    public void Add(string hash, StoredBytes bytes)
    {
        lock (_memory)
            (bytes.InFile ? _files : _memory).Add(hash, bytes);
    }

    private sealed class Recent(long most)
    {
        private readonly Dictionary<string, LinkedListNode<(string Hash, StoredBytes Bytes)>> _byHash = new(StringComparer.Ordinal);
        private readonly LinkedList<(string Hash, StoredBytes Bytes)> _byUse = new();

        public long Bytes { get; private set; }

        public bool TryGet(string hash, out StoredBytes bytes)
        {
            bytes = null!;
            if (!_byHash.TryGetValue(hash, out var node))
                return false;
            _byUse.Remove(node);
            _byUse.AddFirst(node);
            bytes = node.Value.Bytes;
            return true;
        }

        public void Add(string hash, StoredBytes bytes)
        {
            if (_byHash.ContainsKey(hash) || bytes.Length > most)
                return;
            _byHash.Add(hash, _byUse.AddFirst((hash, bytes)));
            Bytes += bytes.Length;
            while (Bytes > most && _byUse.Last is { } last)
            {
                _byUse.RemoveLast();
                _byHash.Remove(last.Value.Hash);
                Bytes -= last.Value.Bytes.Length;
            }
        }
    }
}
