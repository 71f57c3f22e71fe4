using System.IO.MemoryMappedFiles;

namespace GpuWorker.Checkpoints;

/// <summary>Bytes of a checkpoint, read in blocks: small ones lie in memory, large ones in a file that is mapped a block at a time, so that they never fill it.</summary>
internal abstract class StoredBytes
{
    /// <summary>What is copied at once.</summary>
    public const int Block = 8 << 20;

    /// <summary>From so many bytes on a file takes the place of memory.</summary>
    public const long FileFrom = 64L << 20;

    public abstract long Length { get; }

    /// <summary>Whether they lie in a file.</summary>
    public abstract bool InFile { get; }

    /// <summary>Copies as many bytes as <paramref name="destination"/> takes.</summary>
    public abstract void CopyTo(long offset, Span<byte> destination);

    /// <summary>A part of them; nothing is copied.</summary>
    public StoredBytes Slice(long offset, long length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset + length, Length);
        return new Part(this, offset, length);
    }

    /// <summary>A copy, for those that are small.</summary>
    public byte[] ToArray()
    {
        var copy = new byte[Length];
        CopyTo(0, copy);
        return copy;
    }

    /// <summary>Writes them all.</summary>
    public void WriteTo(Stream destination)
    {
        var block = new byte[Math.Min(Block, Length)];
        for (var at = 0L; at < Length; at += block.Length)
        {
            var some = block.AsSpan(0, (int)Math.Min(block.Length, Length - at));
            CopyTo(at, some);
            destination.Write(some);
        }
    }

    public Stream OpenRead() => new Reading(this);

    /// <summary>Bytes of a known length as <paramref name="write"/> writes them, in memory or in an unnamed file.</summary>
    public static StoredBytes Build(long length, Action<Stream> write)
    {
        if (length < FileFrom)
        {
            using var memory = new MemoryStream((int)length);
            write(memory);
            return memory.ToArray();
        }

        var file = ScratchFile();
        write(file);
        file.Flush();
        return file.Length == length
            ? new Mapped(file)
            : throw new InvalidOperationException($"Expected {length} bytes to be written, found {file.Length}.");
    }

    /// <summary>A file without a name, which is gone when its last user is, however the process ends. Its place is the system's temporary folder (TMPDIR).</summary>
    public static FileStream ScratchFile()
    {
        var path = Path.Combine(Path.GetTempPath(), $"checkpoint-{Guid.NewGuid():N}");
        FileStream file = new(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, 1 << 16);
        File.Delete(path);
        return file;
    }

    /// <summary>What was written to a file.</summary>
    public static StoredBytes Of(FileStream file) => new Mapped(file);

    /// <summary>A file as it stands.</summary>
    public static StoredBytes OpenFile(string path) =>
        new Mapped(new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete));

    public static implicit operator StoredBytes(ReadOnlyMemory<byte> bytes) => new InMemory(bytes);

    public static implicit operator StoredBytes(Memory<byte> bytes) => new InMemory(bytes);

    public static implicit operator StoredBytes(byte[] bytes) => new InMemory(bytes);

    private sealed class InMemory(ReadOnlyMemory<byte> bytes) : StoredBytes
    {
        public override long Length => bytes.Length;

        public override bool InFile => false;

        public override void CopyTo(long offset, Span<byte> destination) => bytes.Span.Slice((int)offset, destination.Length).CopyTo(destination);
    }

    private sealed class Mapped : StoredBytes
    {
        private readonly MemoryMappedFile? _map;

        public Mapped(FileStream file)
        {
            Length = file.Length;
            if (Length > 0)
                _map = MemoryMappedFile.CreateFromFile(file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: false);
        }

        public override long Length { get; }

        public override bool InFile => true;

        // A view of the block alone: pages of a view that stays would count as the process's memory.
        public override void CopyTo(long offset, Span<byte> destination)
        {
            while (destination.Length > 0)
            {
                var length = Math.Min(destination.Length, Block);
                using var view = _map!.CreateViewAccessor(offset, length, MemoryMappedFileAccess.Read);
                view.SafeMemoryMappedViewHandle.ReadSpan((ulong)view.PointerOffset, destination[..length]);
                offset += length;
                destination = destination[length..];
            }
        }
    }

    private sealed class Part(StoredBytes whole, long start, long length) : StoredBytes
    {
        public override long Length => length;

        public override bool InFile => whole.InFile;

        public override void CopyTo(long offset, Span<byte> destination)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThan(offset + destination.Length, length);
            whole.CopyTo(start + offset, destination);
        }
    }

    private sealed class Reading(StoredBytes bytes) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => bytes.Length;

        public override long Position { get; set; }

        public override int Read(Span<byte> buffer)
        {
            var count = (int)Math.Min(buffer.Length, bytes.Length - Position);
            bytes.CopyTo(Position, buffer[..count]);
            Position += count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override long Seek(long offset, SeekOrigin origin) => Position = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => Position + offset,
            _ => Length + offset,
        };

        public override void Flush()
        {
        }

        public override void SetLength(long value) => throw new NotSupportedException("These bytes are read only.");

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("These bytes are read only.");
    }
}
