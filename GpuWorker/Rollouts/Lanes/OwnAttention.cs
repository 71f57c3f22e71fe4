using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using GpuWorker.Policies;

namespace GpuWorker.Rollouts.Lanes;

/// <summary>Attention over the rows' own keys and values, a row in each lane.</summary>
internal static unsafe class OwnAttention
{
    private const int Lanes = LaneTile.Lanes;

    /// <summary>The products of the rows' queries with their own keys, after the prompts' in the scores.</summary>
    public static void Score(LaneTile tile, PolicyConfig config, int layer, float* queries, int keyOffset)
    {
        var slots = tile.OwnSlots;
        var scores = tile.Memory + tile.Layout.Scores + TileLayout.Padded(tile.LongestPrefix) * Lanes;
        float* Key(ReadOnlySpan<int> slots, int i) => tile.Memory + tile.Layout.OwnAt(layer, slots[Math.Min(i, slots.Length - 1)]) + keyOffset * Lanes;
        for (var at = 0; at < slots.Length; at += 4)
        {
            var k0 = Key(slots, at);
            var k1 = Key(slots, at + 1);
            var k2 = Key(slots, at + 2);
            var k3 = Key(slots, at + 3);
            Vector512<float> s0, s1, s2, s3;
            s0 = s1 = s2 = s3 = Vector512<float>.Zero;
            for (var i = 0; i < config.HeadSize * Lanes; i += Lanes)
            {
                var query = Vector512.Load(queries + i);
                s0 = Avx512F.FusedMultiplyAdd(query, Vector512.Load(k0 + i), s0);
                s1 = Avx512F.FusedMultiplyAdd(query, Vector512.Load(k1 + i), s1);
                s2 = Avx512F.FusedMultiplyAdd(query, Vector512.Load(k2 + i), s2);
                s3 = Avx512F.FusedMultiplyAdd(query, Vector512.Load(k3 + i), s3);
            }

            // Up to three scores beyond the last slot: nobody reads them.
            var to = scores + at * Lanes;
            s0.Store(to);
            s1.Store(to + Lanes);
            s2.Store(to + 2 * Lanes);
            s3.Store(to + 3 * Lanes);
        }
    }

    /// <summary>Adds the rows' own values by their weights to what was attended, and makes the weights shares.</summary>
    public static void Read(LaneTile tile, PolicyConfig config, int layer, float* attended, int keyOffset, Vector512<float> share)
    {
        var slots = tile.OwnSlots;
        var scores = tile.Memory + tile.Layout.Scores + TileLayout.Padded(tile.LongestPrefix) * Lanes;
        var values = tile.Memory + (tile.Layout.KeyValueSize + keyOffset) * Lanes;
        for (var feature = 0; feature < config.HeadSize * Lanes; feature += 8 * Lanes)
        {
            var to = attended + feature;
            var (a0, a1, a2, a3) = (Vector512.Load(to), Vector512.Load(to + 16), Vector512.Load(to + 32), Vector512.Load(to + 48));
            var (a4, a5, a6, a7) = (Vector512.Load(to + 64), Vector512.Load(to + 80), Vector512.Load(to + 96), Vector512.Load(to + 112));
            for (var i = 0; i < slots.Length; i++)
            {
                var score = Vector512.Load(scores + i * Lanes);
                var value = values + tile.Layout.OwnAt(layer, slots[i]) + feature;
                a0 = Avx512F.FusedMultiplyAdd(score, Vector512.Load(value), a0);
                a1 = Avx512F.FusedMultiplyAdd(score, Vector512.Load(value + 16), a1);
                a2 = Avx512F.FusedMultiplyAdd(score, Vector512.Load(value + 32), a2);
                a3 = Avx512F.FusedMultiplyAdd(score, Vector512.Load(value + 48), a3);
                a4 = Avx512F.FusedMultiplyAdd(score, Vector512.Load(value + 64), a4);
                a5 = Avx512F.FusedMultiplyAdd(score, Vector512.Load(value + 80), a5);
                a6 = Avx512F.FusedMultiplyAdd(score, Vector512.Load(value + 96), a6);
                a7 = Avx512F.FusedMultiplyAdd(score, Vector512.Load(value + 112), a7);
            }

            (a0 * share).Store(to);
            (a1 * share).Store(to + 16);
            (a2 * share).Store(to + 32);
            (a3 * share).Store(to + 48);
            (a4 * share).Store(to + 64);
            (a5 * share).Store(to + 80);
            (a6 * share).Store(to + 96);
            (a7 * share).Store(to + 112);
        }
    }
}
