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

    /// <summary>The tensors of a file; their bytes stay where they are until they are copied.</summary>
    /// <exception cref="InvalidDataException">The bytes are no safetensors file; the message says where.</exception>
    public static IReadOnlyDictionary<string, StoredTensor> Read(StoredBytes file)
    {
        var json = Header(file);
        var data = file.Slice(8 + json.Length, file.Length - 8 - json.Length);
        Dictionary<string, StoredTensor> tensors = new(StringComparer.Ordinal);
        try
        {
            using var header = JsonDocument.Parse(json);
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

        var end = 0L;
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

    /// <summary>The header's JSON as it stands in the file, padding included.</summary>
    /// <exception cref="InvalidDataException">The file is too short for one.</exception>
    public static byte[] Header(StoredBytes file)
    {
        if (file.Length < 8)
            throw new InvalidDataException($"Expected a safetensors file of at least 8 bytes, found {file.Length}.");

        Span<byte> prefix = stackalloc byte[8];
        file.CopyTo(0, prefix);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        return length <= MaxHeader && length <= (ulong)(file.Length - 8)
            ? file.Slice(8, (long)length).ToArray()
            : throw new InvalidDataException($"Expected a safetensors header inside the file of {file.Length} bytes, found a header of {length}.");
    }

    /// <summary>The file of these tensors.</summary>
    public static StoredBytes Write(IEnumerable<KeyValuePair<string, StoredTensor>> tensors) =>
        Write(tensors.Select(pair =>
        {
            pair.Value.CheckLength(pair.Key);
            return new TensorEntry(pair.Key, pair.Value.Type, pair.Value.Shape, pair.Value.Data.WriteTo);
        }));

    /// <summary>The file of tensors that are made one after another.</summary>
    public static StoredBytes Write(IEnumerable<TensorEntry> tensors, IReadOnlyDictionary<string, string>? metadata = null)
    {
        var sorted = tensors.OrderBy(entry => entry.Name, StringComparer.Ordinal).ToArray();
        var header = WriteHeader(sorted, metadata);
        return StoredBytes.Build(8 + header.Length + sorted.Sum(entry => entry.Length), stream =>
        {
            Span<byte> prefix = stackalloc byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)header.Length);
            stream.Write(prefix);
            stream.Write(header);
            foreach (var entry in sorted)
                entry.Write(stream);
        });
    }

    private static byte[] WriteHeader(TensorEntry[] sorted, IReadOnlyDictionary<string, string>? metadata)
    {
        using var header = new MemoryStream();
        using (var json = new Utf8JsonWriter(header))
        {
            json.WriteStartObject();
            if (metadata is not null)
            {
                json.WriteStartObject("__metadata__");
                foreach (var (key, value) in metadata)
                    json.WriteString(key, value);
                json.WriteEndObject();
            }

            var offset = 0L;
            foreach (var entry in sorted)
            {
                json.WriteStartObject(entry.Name);
                json.WriteString("dtype", entry.Type.ToString());
                json.WriteStartArray("shape");
                foreach (var size in entry.Shape)
                    json.WriteNumberValue(size);
                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(offset);
                json.WriteNumberValue(offset += entry.Length);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        while (header.Length % 8 != 0)
            header.WriteByte((byte)' ');
        return header.ToArray();
    }

    private static StoredTensor ReadEntry(JsonProperty entry, StoredBytes data)
    {
        var name = entry.Name;
        var typeName = entry.Value.GetProperty("dtype").GetString();
        if (!Enum.TryParse<StoredType>(typeName, out var type) || !Enum.IsDefined(type))
            throw new InvalidDataException($"Expected tensor '{name}' of type {string.Join(", ", Enum.GetNames<StoredType>())}, found {typeName}.");

        long[] shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];
        long[] offsets = [.. entry.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64())];
        if (offsets is not [var begin, var end] || begin < 0 || end < begin || end > data.Length)
            throw new InvalidDataException($"Expected tensor '{name}' inside the {data.Length} bytes of data, found offsets [{string.Join(", ", offsets)}].");

        StoredTensor tensor = new(type, shape, data.Slice(begin, end - begin)) { Offset = begin };
        tensor.CheckLength(name);
        return tensor;
    }
}
