using TorchSharp;
using static TorchSharp.torch;

namespace GpuWorker.Policies;

/// <summary>Rotary position embedding as one complex product.</summary>
/// <remarks>
/// A checkpoint pairs dimension i of a head with i + r/2 (r = rotated dimensions); in memory a pair lies side by side, so that a head is a row of complex numbers.
/// Pairs beyond r do not rotate: their factor is 1. Pair i turns by position x theta^(-2i/r).
/// </remarks>
internal static class RotaryPositions
{
    /// <summary>For each dimension in memory, the dimension of the checkpoint.</summary>
    public static int[] Order(PolicyConfig config)
    {
        var (size, rotated) = (config.HeadSize, config.RotatedSize);
        var order = new int[size];
        for (var i = 0; i < size; i++)
            order[i] = i < rotated ? i / 2 + i % 2 * (rotated / 2) : i;
        return order;
    }

    /// <summary>Angle per position for pair <paramref name="pair"/>, in radians.</summary>
    public static double Frequency(PolicyConfig config, int pair) =>
        2 * pair < config.RotatedSize ? Math.Pow(config.RopeTheta, -2.0 * pair / config.RotatedSize) : 0;

    /// <summary>Factors e^(i angle) for positions 0 to <paramref name="positions"/> - 1: complex, [positions, pairs].</summary>
    public static Tensor Table(PolicyConfig config, int positions, ScalarType dtype, Device device)
    {
        var pairs = config.HeadSize / 2;
        var (cosines, sines) = (new double[positions * pairs], new double[positions * pairs]);
        for (var position = 0; position < positions; position++)
        {
            for (var pair = 0; pair < pairs; pair++)
                (sines[position * pairs + pair], cosines[position * pairs + pair]) = Math.SinCos(position * Frequency(config, pair));
        }

        // Not a complex view of a managed array: libtorch reads complex numbers aligned to 16 bytes, and arrays are aligned to 8.
        using var scope = NewDisposeScope();
        return complex(
            tensor(cosines, [positions, pairs], dtype, device), tensor(sines, [positions, pairs], dtype, device)).MoveToOuterDisposeScope();
    }
}
