using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using GpuWorker.Policies;

namespace GpuWorker.Rollouts.Lanes;

/// <summary>Where completions are sampled with rows in vector lanes; everything else is sampled with tensors.</summary>
internal static class LanesFit
{
    /// <summary>The most bytes of own keys and values of 16 rows: beyond it memory, and not arithmetic, is what takes the time.</summary>
    public const long MaxOwnBytes = 32 << 20;

    /// <summary>Whether this processor computes with registers of 512 bits.</summary>
    public static bool Supported => Vector512.IsHardwareAccelerated && Avx512F.IsSupported;

    /// <summary>Whether completions of such a length are short enough for a policy that is packed.</summary>
    public static bool Fits(PolicyConfig config, int maxNewTokens) =>
        (long)maxNewTokens * config.NumHiddenLayers * 2 * config.KeyValueHeads * config.HeadSize * LaneTile.Lanes * sizeof(float) <= MaxOwnBytes;
}
