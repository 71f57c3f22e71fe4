using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using GpuWorker.Policies.Packed;

namespace GpuWorker.Training.Lanes;

/// <summary>Norms, rotations and gates, forward and back, 16 features of a token at a time; sizes are multiples of 16.</summary>
internal static unsafe class Elementwise
{
    private const int Lanes = Product.Lanes;

    /// <summary>Each row divided by the root of its mean square: to <paramref name="normal"/>, and the factor of each row to <paramref name="factors"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Normalize(float* x, float* normal, float* factors, int rows, int size, float epsilon)
    {
        for (var row = 0; row < rows; row++, x += size, normal += size)
        {
            var squares = Vector512<float>.Zero;
            for (var i = 0; i < size; i += Lanes)
            {
                var part = Vector512.Load(x + i);
                squares = Avx512F.FusedMultiplyAdd(part, part, squares);
            }

            var factor = factors[row] = 1 / MathF.Sqrt(Vector512.Sum(squares) / size + epsilon);
            for (var i = 0; i < size; i += Lanes)
                (Vector512.Load(x + i) * Vector512.Create(factor)).Store(normal + i);
        }
    }

    /// <summary>Adds to the gradient of a norm's input what comes back through the norm: factor (g - n mean(g n)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void NormalizeBack(float* gradient, float* normal, float* factors, float* to, int rows, int size)
    {
        for (var row = 0; row < rows; row++, gradient += size, normal += size, to += size)
        {
            var products = Vector512<float>.Zero;
            for (var i = 0; i < size; i += Lanes)
                products = Avx512F.FusedMultiplyAdd(Vector512.Load(gradient + i), Vector512.Load(normal + i), products);
            var (mean, factor) = (Vector512.Create(Vector512.Sum(products) / size), Vector512.Create(factors[row]));
            for (var i = 0; i < size; i += Lanes)
            {
                var inner = Avx512F.FusedMultiplyAddNegated(Vector512.Load(normal + i), mean, Vector512.Load(gradient + i));
                Avx512F.FusedMultiplyAdd(factor, inner, Vector512.Load(to + i)).Store(to + i);
            }
        }
    }

    /// <summary>Turns each pair of <paramref name="heads"/> heads of a row side by side, and scales: x cos + swapped x (-sin, sin).</summary>
    /// <param name="x">The row's first head.</param>
    /// <param name="cosines">[size] of the row's position.</param>
    /// <param name="sines">[size], the first of each pair negative; with the other sign it turns back.</param>
    /// <param name="heads">How many.</param>
    /// <param name="size">Of a head.</param>
    /// <param name="scale">Factor on the result.</param>
    /// <param name="back">Whether to turn back.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rotate(float* x, float* cosines, float* sines, int heads, int size, float scale, bool back)
    {
        var (factor, turn) = (Vector512.Create(scale), Vector512.Create(back ? -scale : scale));
        for (var head = 0; head < heads; head++, x += size)
        {
            for (var i = 0; i < size; i += Lanes)
            {
                var part = Vector512.Load(x + i);
                var swapped = Avx512F.Permute4x32(part, 0b10_11_00_01);
                Avx512F.FusedMultiplyAdd(swapped, Vector512.Load(sines + i) * turn, part * (Vector512.Load(cosines + i) * factor)).Store(x + i);
            }
        }
    }

    /// <summary>silu(gate) x up for rows of gates and ups side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Gate(float* gatesUps, float* to, int rows, int size)
    {
        for (var row = 0; row < rows; row++, gatesUps += 2 * size, to += size)
        {
            for (var i = 0; i < size; i += Lanes)
            {
                var gate = Vector512.Load(gatesUps + i);
                (gate * Sigmoid(gate) * Vector512.Load(gatesUps + size + i)).Store(to + i);
            }
        }
    }

    /// <summary>The gradients of gates and ups, in place of themselves, from that of <see cref="Gate"/>'s result.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void GateBack(float* gatesUps, float* gradient, int rows, int size)
    {
        for (var row = 0; row < rows; row++, gatesUps += 2 * size, gradient += size)
        {
            for (var i = 0; i < size; i += Lanes)
            {
                var (gate, up, back) = (Vector512.Load(gatesUps + i), Vector512.Load(gatesUps + size + i), Vector512.Load(gradient + i));
                var sigmoid = Sigmoid(gate);
                var slope = sigmoid * Avx512F.FusedMultiplyAdd(gate, Vector512<float>.One - sigmoid, Vector512<float>.One);
                (back * up * slope).Store(gatesUps + i);
                (back * gate * sigmoid).Store(gatesUps + size + i);
            }
        }
    }

    /// <summary>Adds one row to another.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Add(float* from, float* to, int size)
    {
        for (var i = 0; i < size; i += Lanes)
            (Vector512.Load(to + i) + Vector512.Load(from + i)).Store(to + i);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Sigmoid(Vector512<float> x) => Vector512<float>.One / (Vector512<float>.One + LaneMath.Exp(-x));
}
