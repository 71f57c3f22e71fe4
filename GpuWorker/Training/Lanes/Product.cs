using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace GpuWorker.Training.Lanes;

/// <summary>The left factor of a product: element (m, k) lies at <c>start + m row + k depth</c>, so that a matrix can be read as its transpose.</summary>
internal readonly unsafe struct Left(float* start, nint row, nint depth)
{
    public float* Start { get; } = start;

    public nint Row { get; } = row;

    public nint Depth { get; } = depth;

    public Left At(nint m, nint k) => new(Start + m * Row + k * Depth, Row, Depth);
}

/// <summary>The right factor: 16 columns side by side are a register; element (k, n) lies at <c>start + k depth + n / 16 block + n % 16</c>.</summary>
internal readonly unsafe struct Right(float* start, nint depth, nint block = Product.Lanes)
{
    public float* Start { get; } = start;

    public nint Depth { get; } = depth;

    public nint Block { get; } = block;

    public Right At(nint k, nint columnBlock) => new(Start + k * Depth + columnBlock * Block, Depth, Block);
}

/// <summary>Products of matrices of single numbers, 8 rows and 32 columns at a time in 16 registers.</summary>
/// <remarks>
/// An element is one chain of fused multiplications and additions over the depth in order, or one for every <see cref="Deepest"/> of it where it is deeper. Columns are
/// computed in whole registers: what lies beyond the last, up to a multiple of 16, is read and written too. The loops are compiled for speed at once: an update is short.
/// </remarks>
internal static unsafe class Product
{
    public const int Lanes = 16;

    private const int Rows = 8;

    /// <summary>So much of the depth is gone through for all rows and columns before the rest, so that both factors stay in the caches.</summary>
    private const int Deepest = 256;

    /// <summary>C = A B, or C + A B.</summary>
    /// <param name="a">[rows, depth].</param>
    /// <param name="b">[depth, columns].</param>
    /// <param name="c">[rows, columns], its rows <paramref name="row"/> apart.</param>
    /// <param name="row">Distance of the rows of <paramref name="c"/>.</param>
    /// <param name="rows">At least 0.</param>
    /// <param name="columns">At least 0.</param>
    /// <param name="depth">At least 1.</param>
    /// <param name="add">Whether to add to <paramref name="c"/> what it holds.</param>
    public static void Of(Left a, Right b, float* c, nint row, int rows, int columns, int depth, bool add)
    {
        var blocks = (columns + Lanes - 1) / Lanes;
        for (var from = 0; from < depth; from += Deepest, add = true)
        {
            var deep = Math.Min(Deepest, depth - from);
            for (var block = 0; block < blocks; block += 2)
            {
                var right = b.At(from, block);
                for (var m = 0; m < rows; m += Rows)
                {
                    var to = c + m * row + block * Lanes;
                    if (block + 1 < blocks)
                        Two(a.At(m, from), right, to, row, Math.Min(Rows, rows - m) - 1, deep, add);
                    else
                        One(a.At(m, from), right, to, row, Math.Min(Rows, rows - m) - 1, deep, add);
                }
            }
        }
    }

    // Rows beyond the last are the last one once more, and are not stored.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Two(Left a, Right right, float* c, nint row, int last, int depth, bool add)
    {
        var step = a.Depth;
        var b = right.Start;
        var bStep = right.Depth;
        var z = b + right.Block;
        var p0 = a.Start;
        var p1 = a.Start + Math.Min(1, last) * a.Row;
        var p2 = a.Start + Math.Min(2, last) * a.Row;
        var p3 = a.Start + Math.Min(3, last) * a.Row;
        var p4 = a.Start + Math.Min(4, last) * a.Row;
        var p5 = a.Start + Math.Min(5, last) * a.Row;
        var p6 = a.Start + Math.Min(6, last) * a.Row;
        var p7 = a.Start + Math.Min(7, last) * a.Row;
        Vector512<float> c0, c1, c2, c3, c4, c5, c6, c7, d0, d1, d2, d3, d4, d5, d6, d7;
        if (add)
        {
            var at = c;
            (c0, d0) = (Vector512.Load(at), Vector512.Load(at + Lanes));
            (c1, d1) = Next(ref at, row, 1, last);
            (c2, d2) = Next(ref at, row, 2, last);
            (c3, d3) = Next(ref at, row, 3, last);
            (c4, d4) = Next(ref at, row, 4, last);
            (c5, d5) = Next(ref at, row, 5, last);
            (c6, d6) = Next(ref at, row, 6, last);
            (c7, d7) = Next(ref at, row, 7, last);
        }
        else
        {
            c0 = c1 = c2 = c3 = c4 = c5 = c6 = c7 = d0 = d1 = d2 = d3 = d4 = d5 = d6 = d7 = Vector512<float>.Zero;
        }

        nint k = 0;
        for (var i = 0; i < depth; i++)
        {
            var (one, two) = (Vector512.Load(b), Vector512.Load(z));
            var x = Vector512.Create(p0[k]);
            c0 = Avx512F.FusedMultiplyAdd(x, one, c0);
            d0 = Avx512F.FusedMultiplyAdd(x, two, d0);
            x = Vector512.Create(p1[k]);
            c1 = Avx512F.FusedMultiplyAdd(x, one, c1);
            d1 = Avx512F.FusedMultiplyAdd(x, two, d1);
            x = Vector512.Create(p2[k]);
            c2 = Avx512F.FusedMultiplyAdd(x, one, c2);
            d2 = Avx512F.FusedMultiplyAdd(x, two, d2);
            x = Vector512.Create(p3[k]);
            c3 = Avx512F.FusedMultiplyAdd(x, one, c3);
            d3 = Avx512F.FusedMultiplyAdd(x, two, d3);
            x = Vector512.Create(p4[k]);
            c4 = Avx512F.FusedMultiplyAdd(x, one, c4);
            d4 = Avx512F.FusedMultiplyAdd(x, two, d4);
            x = Vector512.Create(p5[k]);
            c5 = Avx512F.FusedMultiplyAdd(x, one, c5);
            d5 = Avx512F.FusedMultiplyAdd(x, two, d5);
            x = Vector512.Create(p6[k]);
            c6 = Avx512F.FusedMultiplyAdd(x, one, c6);
            d6 = Avx512F.FusedMultiplyAdd(x, two, d6);
            x = Vector512.Create(p7[k]);
            c7 = Avx512F.FusedMultiplyAdd(x, one, c7);
            d7 = Avx512F.FusedMultiplyAdd(x, two, d7);
            k += step;
            b += bStep;
            z += bStep;
        }

        Store(c, c0, d0);
        if (last > 0)
            Store(c += row, c1, d1);
        if (last > 1)
            Store(c += row, c2, d2);
        if (last > 2)
            Store(c += row, c3, d3);
        if (last > 3)
            Store(c += row, c4, d4);
        if (last > 4)
            Store(c += row, c5, d5);
        if (last > 5)
            Store(c += row, c6, d6);
        if (last > 6)
            Store(c + row, c7, d7);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One(Left a, Right right, float* c, nint row, int last, int depth, bool add)
    {
        var step = a.Depth;
        var b = right.Start;
        var bStep = right.Depth;
        var p0 = a.Start;
        var p1 = a.Start + Math.Min(1, last) * a.Row;
        var p2 = a.Start + Math.Min(2, last) * a.Row;
        var p3 = a.Start + Math.Min(3, last) * a.Row;
        var p4 = a.Start + Math.Min(4, last) * a.Row;
        var p5 = a.Start + Math.Min(5, last) * a.Row;
        var p6 = a.Start + Math.Min(6, last) * a.Row;
        var p7 = a.Start + Math.Min(7, last) * a.Row;
        Vector512<float> c0, c1, c2, c3, c4, c5, c6, c7;
        if (add)
        {
            (c0, c1) = (Vector512.Load(c), Vector512.Load(c + Math.Min(1, last) * row));
            (c2, c3) = (Vector512.Load(c + Math.Min(2, last) * row), Vector512.Load(c + Math.Min(3, last) * row));
            (c4, c5) = (Vector512.Load(c + Math.Min(4, last) * row), Vector512.Load(c + Math.Min(5, last) * row));
            (c6, c7) = (Vector512.Load(c + Math.Min(6, last) * row), Vector512.Load(c + Math.Min(7, last) * row));
        }
        else
        {
            c0 = c1 = c2 = c3 = c4 = c5 = c6 = c7 = Vector512<float>.Zero;
        }

        nint k = 0;
        for (var i = 0; i < depth; i++)
        {
            var one = Vector512.Load(b);
            c0 = Avx512F.FusedMultiplyAdd(Vector512.Create(p0[k]), one, c0);
            c1 = Avx512F.FusedMultiplyAdd(Vector512.Create(p1[k]), one, c1);
            c2 = Avx512F.FusedMultiplyAdd(Vector512.Create(p2[k]), one, c2);
            c3 = Avx512F.FusedMultiplyAdd(Vector512.Create(p3[k]), one, c3);
            c4 = Avx512F.FusedMultiplyAdd(Vector512.Create(p4[k]), one, c4);
            c5 = Avx512F.FusedMultiplyAdd(Vector512.Create(p5[k]), one, c5);
            c6 = Avx512F.FusedMultiplyAdd(Vector512.Create(p6[k]), one, c6);
            c7 = Avx512F.FusedMultiplyAdd(Vector512.Create(p7[k]), one, c7);
            k += step;
            b += bStep;
        }

        c0.Store(c);
        if (last > 0)
            c1.Store(c + row);
        if (last > 1)
            c2.Store(c + 2 * row);
        if (last > 2)
            c3.Store(c + 3 * row);
        if (last > 3)
            c4.Store(c + 4 * row);
        if (last > 4)
            c5.Store(c + 5 * row);
        if (last > 5)
            c6.Store(c + 6 * row);
        if (last > 6)
            c7.Store(c + 7 * row);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector512<float> One, Vector512<float> Two) Next(ref float* at, nint row, int index, int last)
    {
        if (index <= last)
            at += row;
        return (Vector512.Load(at), Vector512.Load(at + Lanes));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(float* c, Vector512<float> one, Vector512<float> two)
    {
        one.Store(c);
        two.Store(c + Lanes);
    }
}
