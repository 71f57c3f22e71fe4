namespace GpuWorker.Checkpoints;

/// <summary>The element types that a checkpoint may have.</summary>
internal enum StoredType
{
    F32,
    F16,
    BF16,
    F64,
    I64,
}

/// <summary>A tensor's bytes, little-endian, row by row.</summary>
internal sealed record StoredTensor(StoredType Type, long[] Shape, StoredBytes Data)
{
    /// <summary>Where the bytes lay in the data of the file that they were read from.</summary>
    public long Offset { get; init; }

    public int ElementSize => SizeOf(Type);

    public static int SizeOf(StoredType type) => type switch { StoredType.F16 or StoredType.BF16 => 2, StoredType.F32 => 4, _ => 8 };

    public void CheckLength(string name)
    {
        var elements = 1L;
        foreach (var size in Shape)
        {
            if (size < 0 || (size > 0 && elements > (1L << 40) / size))
                throw new InvalidDataException($"Expected a shape within 2^40 elements for tensor '{name}', found [{string.Join(", ", Shape)}].");
            elements *= size;
        }

        if (elements * ElementSize != Data.Length)
            throw new InvalidDataException($"Expected {elements * ElementSize} bytes for tensor '{name}' of shape [{string.Join(", ", Shape)}] and type {Type}, found {Data.Length}.");
    }
}

/// <summary>A tensor that is to be written: its bytes are made when their turn comes, one tensor at a time.</summary>
internal sealed record TensorEntry(string Name, StoredType Type, long[] Shape, Action<Stream> Write)
{
    public long Length => Shape.Aggregate((long)StoredTensor.SizeOf(Type), (product, size) => product * size);
}
