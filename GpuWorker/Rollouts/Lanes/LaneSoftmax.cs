using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using GpuWorker.Policies.Packed;

namespace GpuWorker.Rollouts.Lanes;

/// <summary>The softmax of one head's scores, each row over what it sees.</summary>
internal static unsafe class LaneSoftmax
{
    private const int Lanes = LaneTile.Lanes;

    /// <summary>Replaces scores by their exponentials relative to the largest, 0 for what a row does not see; the factor that makes them probabilities.</summary>
    public static Vector512<float> Normalize(LaneTile tile)
    {
        var (prefix, own) = (TileLayout.Padded(tile.LongestPrefix), tile.LongestOwn);
        var scores = tile.Memory + tile.Layout.Scores;
        var never = Vector512.Create(float.NegativeInfinity);
        var seen = Vector512.Create(tile.PrefixLengths);
        var top = never;
        for (var i = 0; i < prefix; i++)
        {
            var score = Vector512.ConditionalSelect(Vector512.LessThan(Vector512.Create(i), seen).AsSingle(), Vector512.Load(scores + i * Lanes), never);
            score.Store(scores + i * Lanes);
            top = Avx512F.Max(top, score);
        }

        seen = Vector512.Create(tile.OwnLengths);
        for (var i = 0; i < own; i++)
        {
            // The last slot is a row's latest token, the one before it that before.
            var score = scores + (prefix + i) * Lanes;
            var masked = Vector512.ConditionalSelect(Vector512.LessThan(Vector512.Create(own - 1 - i), seen).AsSingle(), Vector512.Load(score), never);
            masked.Store(score);
            top = Avx512F.Max(top, masked);
        }

        var sum = Vector512<float>.Zero;
        for (var i = 0; i < prefix + own; i++)
        {
            var weight = LaneMath.Exp(Vector512.Load(scores + i * Lanes) - top);
            weight.Store(scores + i * Lanes);
            sum += weight;
        }

        return Vector512<float>.One / sum;
    }
}
