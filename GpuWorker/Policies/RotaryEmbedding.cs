using TorchSharp;
using static TorchSharp.torch;

namespace GpuWorker.Policies;

/// <summary>Rotary position embedding (arXiv 2104.09864) as one complex product.</summary>
/// <remarks>
/// A checkpoint pairs dimension i of a head with i + r/2 (r = rotated dimensions); in memory a pair lies side by side, so that a head is a row of complex numbers.
/// Pairs beyond r do not rotate: their factor is 1. Pair i rotates by position x theta^(-2i/r), as <see cref="RopeScaling"/> changes it.
/// </remarks>
internal static class RotaryEmbedding
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

    /// <summary>A slot's parameters [length], taken from memory, in the order of a checkpoint and the slot's shape.</summary>
    public static Tensor ToCheckpointOrder(Tensor parameters, ParameterSlot slot, PolicyConfig config)
    {
        if (slot.RotaryHeads == 0)
            return parameters.view(slot.Shape);
        var order = Order(config);
        using var back = tensor(Enumerable.Range(0, order.Length).Select(i => (long)Array.IndexOf(order, i)).ToArray(), device: parameters.device);
        return parameters.view(slot.RotaryHeads, config.HeadSize, -1).index_select(1, back).reshape(slot.Shape);
    }

    /// <summary>Angle per position for pair <paramref name="pair"/>, in radians.</summary>
    public static double Frequency(PolicyConfig config, int pair) =>
        2 * pair < config.RotatedSize ? config.Rope.Apply(Math.Pow(config.Theta, -2.0 * pair / config.RotatedSize), pair, config) : 0;

    /// <summary>Factors e^(i angle) for positions 0 to <paramref name="positions"/> - 1: complex of single numbers (double where the policy is), [positions, pairs].</summary>
    public static Tensor Table(PolicyConfig config, int positions, ScalarType dtype, Device device)
    {
        if (dtype != ScalarType.Float64)
            dtype = ScalarType.Float32;
        var pairs = config.HeadSize / 2;
        var (cosines, sines) = (new double[positions * pairs], new double[positions * pairs]);
        double[] frequencies = [.. Enumerable.Range(0, pairs).Select(pair => Frequency(config, pair))];
        var scale = config.Rope.Scale;
        for (var position = 0; position < positions; position++)
        {
            for (var pair = 0; pair < pairs; pair++)
            {
                var (sine, cosine) = Math.SinCos(position * frequencies[pair]);
                if (2 * pair < config.RotatedSize)
                    (sine, cosine) = (sine * scale, cosine * scale);
                (sines[position * pairs + pair], cosines[position * pairs + pair]) = (sine, cosine);
            }
        }

        // Not a complex view of a managed array: libtorch reads complex numbers aligned to 16 bytes, and arrays are aligned to 8.
        using var scope = NewDisposeScope();
        return complex(
            tensor(cosines, [positions, pairs], dtype, device), tensor(sines, [positions, pairs], dtype, device)).MoveToOuterDisposeScope();
    }
}
