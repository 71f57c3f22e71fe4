using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using GpuWorker.Policies.Packed;

namespace GpuWorker.Rollouts.Lanes;

/// <summary>Products of a packed matrix with the features of 16 or 32 rows.</summary>
/// <remarks>
/// Each output is one chain of fused multiplications and additions over the inputs in order, so a row's bits do not depend on the rows beside it, nor on
/// whether one or two tiles are computed at once. Two tiles share each weight that is read: eight outputs of 32 rows fill 16 registers.
/// </remarks>
internal static unsafe class LaneProduct
{
    private const int Lanes = LaneTile.Lanes;

    /// <summary>For each tile: outputs at <paramref name="to"/> from inputs at <paramref name="from"/>, places in the tile; added to what is there, or in its place.</summary>
    public static void Multiply(PackedMatrix matrix, ReadOnlySpan<LaneTile> tiles, int from, int to, bool add)
    {
        for (var block = 0; block < matrix.Blocks; block++)
        {
            var weights = matrix.Weights + (long)block * matrix.Inputs * PackedMatrix.Block;
            var output = to + block * PackedMatrix.Block * Lanes;
            var halves = matrix.Outputs - block * PackedMatrix.Block > PackedMatrix.Block / 2 ? 2 : 1;
            var tile = 0;
            for (; tile + 1 < tiles.Length; tile += 2)
            {
                var one = tiles[tile].Memory;
                var two = tiles[tile + 1].Memory;
                for (var half = 0; half < halves; half++)
                    Two(weights + 8 * half, one + from, two + from, one + output + 8 * half * Lanes, two + output + 8 * half * Lanes, matrix.Inputs, add);
            }

            if (tile < tiles.Length)
            {
                for (var half = 0; half < halves; half++)
                    One(weights + 8 * half, tiles[tile].Memory + from, tiles[tile].Memory + output + 8 * half * Lanes, matrix.Inputs, add);
            }
        }
    }

    private static void Two(float* w, float* x, float* z, float* to, float* too, int inputs, bool add)
    {
        Vector512<float> a0, a1, a2, a3, a4, a5, a6, a7, b0, b1, b2, b3, b4, b5, b6, b7;
        if (add)
        {
            (a0, a1, a2, a3) = (Vector512.Load(to), Vector512.Load(to + 16), Vector512.Load(to + 32), Vector512.Load(to + 48));
            (a4, a5, a6, a7) = (Vector512.Load(to + 64), Vector512.Load(to + 80), Vector512.Load(to + 96), Vector512.Load(to + 112));
            (b0, b1, b2, b3) = (Vector512.Load(too), Vector512.Load(too + 16), Vector512.Load(too + 32), Vector512.Load(too + 48));
            (b4, b5, b6, b7) = (Vector512.Load(too + 64), Vector512.Load(too + 80), Vector512.Load(too + 96), Vector512.Load(too + 112));
        }
        else
        {
            a0 = a1 = a2 = a3 = a4 = a5 = a6 = a7 = b0 = b1 = b2 = b3 = b4 = b5 = b6 = b7 = Vector512<float>.Zero;
        }

        for (var i = 0; i < inputs; i++)
        {
            var (first, second) = (Vector512.Load(x), Vector512.Load(z));
            var weight = Vector512.Create(w[0]);
            a0 = Avx512F.FusedMultiplyAdd(weight, first, a0);
            b0 = Avx512F.FusedMultiplyAdd(weight, second, b0);
            weight = Vector512.Create(w[1]);
            a1 = Avx512F.FusedMultiplyAdd(weight, first, a1);
            b1 = Avx512F.FusedMultiplyAdd(weight, second, b1);
            weight = Vector512.Create(w[2]);
            a2 = Avx512F.FusedMultiplyAdd(weight, first, a2);
            b2 = Avx512F.FusedMultiplyAdd(weight, second, b2);
            weight = Vector512.Create(w[3]);
            a3 = Avx512F.FusedMultiplyAdd(weight, first, a3);
            b3 = Avx512F.FusedMultiplyAdd(weight, second, b3);
            weight = Vector512.Create(w[4]);
            a4 = Avx512F.FusedMultiplyAdd(weight, first, a4);
            b4 = Avx512F.FusedMultiplyAdd(weight, second, b4);
            weight = Vector512.Create(w[5]);
            a5 = Avx512F.FusedMultiplyAdd(weight, first, a5);
            b5 = Avx512F.FusedMultiplyAdd(weight, second, b5);
            weight = Vector512.Create(w[6]);
            a6 = Avx512F.FusedMultiplyAdd(weight, first, a6);
            b6 = Avx512F.FusedMultiplyAdd(weight, second, b6);
            weight = Vector512.Create(w[7]);
            a7 = Avx512F.FusedMultiplyAdd(weight, first, a7);
            b7 = Avx512F.FusedMultiplyAdd(weight, second, b7);
            w += PackedMatrix.Block;
            x += Lanes;
            z += Lanes;
        }

        Store(to, a0, a1, a2, a3, a4, a5, a6, a7);
        Store(too, b0, b1, b2, b3, b4, b5, b6, b7);
    }

    private static void One(float* w, float* x, float* to, int inputs, bool add)
    {
        Vector512<float> a0, a1, a2, a3, a4, a5, a6, a7;
        if (add)
        {
            (a0, a1, a2, a3) = (Vector512.Load(to), Vector512.Load(to + 16), Vector512.Load(to + 32), Vector512.Load(to + 48));
            (a4, a5, a6, a7) = (Vector512.Load(to + 64), Vector512.Load(to + 80), Vector512.Load(to + 96), Vector512.Load(to + 112));
        }
        else
        {
            a0 = a1 = a2 = a3 = a4 = a5 = a6 = a7 = Vector512<float>.Zero;
        }

        for (var i = 0; i < inputs; i++)
        {
            var first = Vector512.Load(x);
            a0 = Avx512F.FusedMultiplyAdd(Vector512.Create(w[0]), first, a0);
            a1 = Avx512F.FusedMultiplyAdd(Vector512.Create(w[1]), first, a1);
            a2 = Avx512F.FusedMultiplyAdd(Vector512.Create(w[2]), first, a2);
            a3 = Avx512F.FusedMultiplyAdd(Vector512.Create(w[3]), first, a3);
            a4 = Avx512F.FusedMultiplyAdd(Vector512.Create(w[4]), first, a4);
            a5 = Avx512F.FusedMultiplyAdd(Vector512.Create(w[5]), first, a5);
            a6 = Avx512F.FusedMultiplyAdd(Vector512.Create(w[6]), first, a6);
            a7 = Avx512F.FusedMultiplyAdd(Vector512.Create(w[7]), first, a7);
            w += PackedMatrix.Block;
            x += Lanes;
        }

        Store(to, a0, a1, a2, a3, a4, a5, a6, a7);
    }

    private static void Store(
        float* to, Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d, Vector512<float> e, Vector512<float> f, Vector512<float> g, Vector512<float> h)
    {
        a.Store(to);
        b.Store(to + 16);
        c.Store(to + 32);
        d.Store(to + 48);
        e.Store(to + 64);
        f.Store(to + 80);
        g.Store(to + 96);
        h.Store(to + 112);
    }
}
