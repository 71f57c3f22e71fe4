using System.Runtime.InteropServices;

namespace GpuWorker.Checkpoints;

/// <summary>Whether stored numbers are finite, seen from their bits: an exponent of ones alone is an infinity or no number.</summary>
internal static class FiniteCheck
{
    public static bool All(StoredTensor tensor)
    {
        var block = new byte[Math.Min(StoredBytes.Block, tensor.Data.Length)];
        for (var at = 0L; at < tensor.Data.Length; at += block.Length)
        {
            var some = block.AsSpan(0, (int)Math.Min(block.Length, tensor.Data.Length - at));
            tensor.Data.CopyTo(at, some);
            var finite = tensor.Type switch
            {
                StoredType.F32 => Fine<uint>(some, 0x7F80_0000),
                StoredType.BF16 => Fine<ushort>(some, 0x7F80),
                StoredType.F16 => Fine<ushort>(some, 0x7C00),
                StoredType.F64 => Fine<ulong>(some, 0x7FF0_0000_0000_0000),
                _ => true,
            };
            if (!finite)
                return false;
        }

        return true;
    }

    private static bool Fine<T>(ReadOnlySpan<byte> bytes, T exponent)
        where T : unmanaged, System.Numerics.IBinaryInteger<T>
    {
        foreach (var bits in MemoryMarshal.Cast<byte, T>(bytes))
        {
            if ((bits & exponent) == exponent)
                return false;
        }

        return true;
    }
}
