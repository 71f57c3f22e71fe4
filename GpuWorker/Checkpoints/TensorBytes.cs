using static TorchSharp.torch;

namespace GpuWorker.Checkpoints;

/// <summary>Between a stored tensor and one in memory.</summary>
internal static class TensorBytes
{
    /// <summary>Elements that are converted at once.</summary>
    private const long Elements = 4 << 20;

    /// <summary>A copy in the CPU's memory.</summary>
    public static Tensor Load(StoredTensor stored)
    {
        var result = empty(stored.Shape, dtype: TypeOf(stored.Type));
        if (stored.Data.Length > 0)
            CopyTo(stored, result);
        return result;
    }

    /// <summary>Copies into a tensor of as many elements, of any type and on any device, a block at a time.</summary>
    public static void CopyTo(StoredTensor stored, Tensor target)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var flat = target.view(-1);
        for (var at = 0L; at < flat.numel(); at += Elements)
        {
            using var inner = NewDisposeScope();
            var count = Math.Min(Elements, flat.numel() - at);
            var block = empty([count], dtype: TypeOf(stored.Type));
            stored.Data.CopyTo(at * stored.ElementSize, block.bytes);
            flat.narrow(0, at, count).copy_(block);
        }
    }

    public static StoredTensor Save(Tensor value)
    {
        var entry = Entry("", value);
        return new(entry.Type, entry.Shape, StoredBytes.Build(entry.Length, entry.Write));
    }

    /// <summary>An entry whose bytes are taken from the tensor when it is written, converted where <paramref name="type"/> is another.</summary>
    public static TensorEntry Entry(string name, Tensor value, StoredType? type = null)
    {
        var stored = type ?? TypeOf(value.dtype);
        return new(name, stored, value.shape, stream => Write(value, TypeOf(stored), stream));
    }

    /// <summary>Writes a tensor's elements a block at a time.</summary>
    public static void Write(Tensor value, ScalarType type, Stream stream)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var flat = value.detach().reshape(-1);
        for (var at = 0L; at < flat.numel(); at += Elements)
        {
            using var inner = NewDisposeScope();
            var block = flat.narrow(0, at, Math.Min(Elements, flat.numel() - at)).cpu().to(type).contiguous();
            stream.Write(block.bytes);
        }
    }

    public static StoredType TypeOf(ScalarType type) => type switch
    {
        ScalarType.Float32 => StoredType.F32,
        ScalarType.Float64 => StoredType.F64,
        ScalarType.Float16 => StoredType.F16,
        ScalarType.BFloat16 => StoredType.BF16,
        ScalarType.Int64 => StoredType.I64,
        var other => throw new NotSupportedException($"Expected a tensor of a type that checkpoints have, found {other}."),
    };

    public static ScalarType TypeOf(StoredType type) => type switch
    {
        StoredType.F32 => ScalarType.Float32,
        StoredType.F64 => ScalarType.Float64,
        StoredType.F16 => ScalarType.Float16,
        StoredType.BF16 => ScalarType.BFloat16,
        StoredType.I64 => ScalarType.Int64,
        _ => throw new NotSupportedException($"Expected a type that checkpoints have, found {type}."),
    };
}
