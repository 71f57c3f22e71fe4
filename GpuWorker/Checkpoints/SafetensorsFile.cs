using System.Buffers.Binary;
using System.Text.Json;

namespace GpuWorker.Checkpoints;

/// <summary>Reads and writes safetensors: a length, a JSON header, the tensors' bytes.</summary>
/// <remarks>
/// Strict: every offset inside the file, lengths that fit their shapes, no gap, no overlap, nothing left over. Writing is deterministic: names in ordinal order,
/// data in that order, the header padded with spaces to a multiple of 8.
/// </remarks>
internal static class SafetensorsFile
{
    private const int MaxHeader = 100_000_000;

    /// <exception cref="InvalidDataException">The bytes are no safetensors file; the message says where.</exception>
    public static IReadOnlyDictionary<string, StoredTensor> Read(ReadOnlyMemory<byte> file)
    {
        if (file.Length < 8)
            throw new InvalidDataException($"Expected a safetensors file of at least 8 bytes, found {file.Length}.");

        var headerLength = BinaryPrimitives.ReadUInt64LittleEndian(file.Span);
        if (headerLength > MaxHeader || headerLength > (ulong)(file.Length - 8))
            throw new InvalidDataException($"Expected a safetensors header inside the file of {file.Length} bytes, found a header of {headerLength}.");

        var data = file[(8 + (int)headerLength)..];
        Dictionary<string, StoredTensor> tensors = new(StringComparer.Ordinal);
        try
        {
            using var header = JsonDocument.Parse(file.Slice(8, (int)headerLength));
            foreach (var entry in header.RootElement.EnumerateObject())
            {
                if (entry.Name != "__metadata__" && !tensors.TryAdd(entry.Name, ReadEntry(entry, data)))
                    throw new InvalidDataException($"Expected each tensor once, found '{entry.Name}' twice.");
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException or KeyNotFoundException)
        {
            throw new InvalidDataException($"Expected a safetensors header, found something else: {error.Message}", error);
        }

        var end = 0;
        foreach (var (name, tensor) in tensors.OrderBy(pair => pair.Value.Offset).ThenBy(pair => pair.Value.Data.Length))
        {
            if (tensor.Offset != end)
                throw new InvalidDataException($"Expected tensor '{name}' at byte {end} of the data, found it at {tensor.Offset}: there is a gap or an overlap.");
            end += tensor.Data.Length;
        }

        return end == data.Length
            ? tensors
            : throw new InvalidDataException($"Expected {end} bytes of tensors, found {data.Length}.");
    }

    /// <summary>The file of these tensors.</summary>
    public static byte[] Write(IEnumerable<KeyValuePair<string, StoredTensor>> tensors)
    {
        var sorted = tensors.OrderBy(pair => pair.Key, StringComparer.Ordinal).ToArray();
        using var header = new MemoryStream();
        using (var json = new Utf8JsonWriter(header))
        {
            json.WriteStartObject();
            var offset = 0L;
            foreach (var (name, tensor) in sorted)
            {
                tensor.CheckLength(name);
                json.WriteStartObject(name);
                json.WriteString("dtype", tensor.Type.ToString());
                json.WriteStartArray("shape");
                foreach (var size in tensor.Shape)
                    json.WriteNumberValue(size);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset += tensor.Data.Length);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        while (header.Length % 8 != 0)
            header.WriteByte((byte)' ');

        var file = new byte[8 + header.Length + sorted.Sum(pair => (long)pair.Value.Data.Length)];
        BinaryPrimitives.WriteUInt64LittleEndian(file, (ulong)header.Length);
        header.ToArray().CopyTo(file, 8);
        var at = 8 + (int)header.Length;
        foreach (var (_, tensor) in sorted)
        {
            tensor.Data.Span.CopyTo(file.AsSpan(at));
            at += tensor.Data.Length;
        }

        return file;
    }

    private static StoredTensor ReadEntry(JsonProperty entry, ReadOnlyMemory<byte> data)
    {
        var name = entry.Name;
        var typeName = entry.Value.GetProperty("dtype").GetString();
        if (!Enum.TryParse<StoredType>(typeName, out var type) || !Enum.IsDefined(type))
            throw new InvalidDataException($"Expected tensor '{name}' of type {string.Join(", ", Enum.GetNames<StoredType>())}, found {typeName}.");

        long[] shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];
        long[] offsets = [.. entry.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64())];
        if (offsets is not [var begin, var end] || begin < 0 || end < begin || end > data.Length)
            throw new InvalidDataException($"Expected tensor '{name}' inside the {data.Length} bytes of data, found offsets [{string.Join(", ", offsets)}].");

        StoredTensor tensor = new(type, shape, data[(int)begin..(int)end]) { Offset = (int)begin };
        tensor.CheckLength(name);
        return tensor;
    }
}

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
internal sealed record StoredTensor(StoredType Type, long[] Shape, ReadOnlyMemory<byte> Data)
{
    /// <summary>Where the bytes lay in the data of the file that they were read from.</summary>
    public int Offset { get; init; }

    public int ElementSize => Type switch { StoredType.F16 or StoredType.BF16 => 2, StoredType.F32 => 4, _ => 8 };

    public void CheckLength(string name)
    {
        var elements = 1L;
        foreach (var size in Shape)
        {
            if (size < 0 || (size > 0 && elements > int.MaxValue / size))
                throw new InvalidDataException($"Expected a shape within 2^31 elements for tensor '{name}', found [{string.Join(", ", Shape)}].");
            elements *= size;
        }

        if (elements * ElementSize != Data.Length)
            throw new InvalidDataException($"Expected {elements * ElementSize} bytes for tensor '{name}' of shape [{string.Join(", ", Shape)}] and type {Type}, found {Data.Length}.");
    }
}
