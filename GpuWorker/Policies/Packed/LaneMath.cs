using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace GpuWorker.Policies.Packed;

/// <summary>Arithmetic of 16 numbers at once.</summary>
internal static unsafe class LaneMath
{
    /// <summary>e^x within 2 units in the last place; exactly 0 below -104, as of minus infinity; NaN of NaN.</summary>
    /// <remarks>x = n ln 2 + r with |r| at most ln 2 / 2; e^r by a polynomial of degree 7 (Cephes' <c>expf</c>), times 2^n.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp(Vector512<float> x)
    {
        // The second operand is the result where either is NaN.
        x = Avx512F.Max(Vector512.Create(-200f), x);
        var n = Avx512F.RoundScale(x * Vector512.Create(1.44269504f), 0);
        var r = Avx512F.FusedMultiplyAddNegated(n, Vector512.Create(0.693359375f), x);
        r = Avx512F.FusedMultiplyAddNegated(n, Vector512.Create(-2.12194440e-4f), r);
        var p = Vector512.Create(1.9875691500e-4f);
        p = Avx512F.FusedMultiplyAdd(p, r, Vector512.Create(1.3981999507e-3f));
        p = Avx512F.FusedMultiplyAdd(p, r, Vector512.Create(8.3334519073e-3f));
        p = Avx512F.FusedMultiplyAdd(p, r, Vector512.Create(4.1665795894e-2f));
        p = Avx512F.FusedMultiplyAdd(p, r, Vector512.Create(1.6666665459e-1f));
        p = Avx512F.FusedMultiplyAdd(p, r, Vector512.Create(5.0000001201e-1f));
        p = Avx512F.FusedMultiplyAdd(p, r * r, r + Vector512<float>.One);
        return Avx512F.Scale(p, n);
    }

    /// <summary>Transposes 16 rows of 16 numbers, <paramref name="stride"/> apart, into 16 rows that lie <paramref name="apart"/>.</summary>
    public static void Transpose(float* from, int stride, float* to, int apart = 16)
    {
        // Four rows make four registers of four columns in each 128-bit part; the parts are then exchanged.
        for (var quad = 0; quad < 4; quad++)
        {
            var row = from + 4 * quad * stride;
            var (a, b) = (Vector512.Load(row), Vector512.Load(row + stride));
            var (c, d) = (Vector512.Load(row + 2 * stride), Vector512.Load(row + 3 * stride));
            var (abLow, abHigh) = (Avx512F.UnpackLow(a, b).AsDouble(), Avx512F.UnpackHigh(a, b).AsDouble());
            var (cdLow, cdHigh) = (Avx512F.UnpackLow(c, d).AsDouble(), Avx512F.UnpackHigh(c, d).AsDouble());
            Store(to + 4 * quad, Avx512F.UnpackLow(abLow, cdLow).AsSingle(), 0, apart);
            Store(to + 4 * quad, Avx512F.UnpackHigh(abLow, cdLow).AsSingle(), 1, apart);
            Store(to + 4 * quad, Avx512F.UnpackLow(abHigh, cdHigh).AsSingle(), 2, apart);
            Store(to + 4 * quad, Avx512F.UnpackHigh(abHigh, cdHigh).AsSingle(), 3, apart);
        }
    }

    // Part p of the register holds column 4 p + column of four rows.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* to, Vector512<float> columns, int column, int apart)
    {
        Avx512F.ExtractVector128(columns, 0).Store(to + apart * column);
        Avx512F.ExtractVector128(columns, 1).Store(to + apart * (4 + column));
        Avx512F.ExtractVector128(columns, 2).Store(to + apart * (8 + column));
        Avx512F.ExtractVector128(columns, 3).Store(to + apart * (12 + column));
    }
}
