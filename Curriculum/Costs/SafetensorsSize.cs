using System.Buffers.Binary;
using System.Text.Json;

namespace Curriculum.Costs;

/// <summary>Counts the parameters of a safetensors file from its header alone.</summary>
public static class SafetensorsSize
{
    // The format's own limit on headers.
    private const int LongestHeader = 100_000_000;

    /// <summary>The number of values in all tensors; the stream is read from its start to the header's end.</summary>
    /// <exception cref="InvalidDataException">It is not such a file.</exception>
    public static async Task<long> ParametersAsync(Stream file, CancellationToken cancellationToken)
    {
        try
        {
            var length = new byte[sizeof(ulong)];
            await file.ReadExactlyAsync(length, cancellationToken);
            var size = BinaryPrimitives.ReadUInt64LittleEndian(length);
            if (size > LongestHeader)
                throw new InvalidDataException($"Expected a safetensors header of at most {LongestHeader} bytes, found {size}.");
            var header = new byte[size];
            await file.ReadExactlyAsync(header, cancellationToken);
            using var tensors = JsonDocument.Parse(header);
            return tensors.RootElement.EnumerateObject().Where(tensor => tensor.Name != "__metadata__").Sum(tensor =>
                tensor.Value.GetProperty("shape").EnumerateArray().Aggregate(1L, (product, dimension) => checked(product * dimension.GetInt64())));
        }
        catch (Exception fault) when (fault is EndOfStreamException or JsonException or InvalidOperationException or KeyNotFoundException or FormatException or OverflowException)
        {
            throw new InvalidDataException($"Expected a safetensors file: {fault.Message}", fault);
        }
    }
}
