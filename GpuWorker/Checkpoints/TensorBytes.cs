using static TorchSharp.torch;

namespace GpuWorker.Checkpoints;

/// <summary>Between a stored tensor and one in memory.</summary>
internal static class TensorBytes
{
    /// <summary>A copy in the CPU's memory.</summary>
    public static Tensor Load(StoredTensor stored)
    {
        var result = empty(stored.Shape, dtype: DTypeOf(stored.Type));
        if (stored.Data.Length > 0)
            stored.Data.Span.CopyTo(result.bytes);
        return result;
    }

    public static StoredTensor Save(Tensor value)
    {
        using var scope = NewDisposeScope();
        var here = value.detach().cpu().contiguous();
        var type = here.dtype switch
        {
            ScalarType.Float32 => StoredType.F32,
            ScalarType.Float64 => StoredType.F64,
            ScalarType.Float16 => StoredType.F16,
            ScalarType.BFloat16 => StoredType.BF16,
            ScalarType.Int64 => StoredType.I64,
            var other => throw new NotSupportedException($"Expected a tensor of a type that checkpoints have, found {other}."),
        };
        return new(type, value.shape, here.numel() == 0 ? Array.Empty<byte>() : here.bytes.ToArray());
    }

    private static ScalarType DTypeOf(StoredType type) => type switch
    {
        StoredType.F32 => ScalarType.Float32,
        StoredType.F64 => ScalarType.Float64,
        StoredType.F16 => ScalarType.Float16,
        StoredType.BF16 => ScalarType.BFloat16,
        StoredType.I64 => ScalarType.Int64,
        _ => throw new NotSupportedException($"Expected a type that checkpoints have, found {type}."),
    };
}
