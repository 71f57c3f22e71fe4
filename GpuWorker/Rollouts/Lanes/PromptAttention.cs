using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using GpuWorker.Policies;
using GpuWorker.Policies.Packed;

namespace GpuWorker.Rollouts.Lanes;

/// <summary>Attention over the prompts' shared keys and values: row by row, since neighbours may have other prompts.</summary>
internal static unsafe class PromptAttention
{
    private const int Lanes = LaneTile.Lanes;

    /// <summary>Each row's products of its query with its prompt's keys, a position in each lane, transposed into the scores.</summary>
    public static void Score(LaneTile tile, PolicyConfig config, int layer, float* queries, int keyOffset)
    {
        var turned = tile.Memory + tile.Layout.Turned;
        var longest = TileLayout.Padded(tile.LongestPrefix);
        for (var lane = 0; lane < Lanes; lane++)
        {
            var prompt = tile.Prompts[lane];
            var (stride, end) = (prompt.Padded, TileLayout.Padded(tile.PrefixLengths[lane]));
            var keys = prompt.Keys(layer) + (long)keyOffset * stride;
            var row = turned + (long)lane * longest;
            var position = 0;
            for (; position + Lanes < end; position += 2 * Lanes)
            {
                var (first, second) = (Vector512<float>.Zero, Vector512<float>.Zero);
                var query = queries + lane;
                var key = keys + position;
                for (var i = 0; i < config.HeadSize; i++)
                {
                    var one = Vector512.Create(*query);
                    first = Avx512F.FusedMultiplyAdd(one, Vector512.Load(key), first);
                    second = Avx512F.FusedMultiplyAdd(one, Vector512.Load(key + Lanes), second);
                    query += Lanes;
                    key += stride;
                }

                first.Store(row + position);
                second.Store(row + position + Lanes);
            }

            if (position < end)
            {
                var only = Vector512<float>.Zero;
                var query = queries + lane;
                var key = keys + position;
                for (var i = 0; i < config.HeadSize; i++)
                {
                    only = Avx512F.FusedMultiplyAdd(Vector512.Create(*query), Vector512.Load(key), only);
                    query += Lanes;
                    key += stride;
                }

                only.Store(row + position);
            }
        }

        for (var position = 0; position < longest; position += Lanes)
            LaneMath.Transpose(turned + position, longest, tile.Memory + tile.Layout.Scores + position * Lanes);
    }

    /// <summary>Each row's sum of its prompt's values by their weights, a feature in each lane, transposed into what was attended.</summary>
    public static void Read(LaneTile tile, PolicyConfig config, int layer, float* attended, int keyOffset)
    {
        var turned = tile.Memory + tile.Layout.Turned;
        var scores = tile.Memory + tile.Layout.Scores;
        var size = tile.Layout.KeyValueSize;
        for (var feature = 0; feature < config.HeadSize; feature += Lanes)
        {
            for (var lane = 0; lane < Lanes; lane++)
            {
                var score = scores + lane;
                var value = tile.Prompts[lane].Values(layer) + keyOffset + feature;
                var end = scores + TileLayout.Padded(tile.PrefixLengths[lane]) * Lanes;
                Vector512<float> v0, v1, v2, v3;
                v0 = v1 = v2 = v3 = Vector512<float>.Zero;
                for (; score < end; score += 4 * Lanes, value += 4 * size)
                {
                    v0 = Avx512F.FusedMultiplyAdd(Vector512.Create(*score), Vector512.Load(value), v0);
                    v1 = Avx512F.FusedMultiplyAdd(Vector512.Create(score[Lanes]), Vector512.Load(value + size), v1);
                    v2 = Avx512F.FusedMultiplyAdd(Vector512.Create(score[2 * Lanes]), Vector512.Load(value + 2 * size), v2);
                    v3 = Avx512F.FusedMultiplyAdd(Vector512.Create(score[3 * Lanes]), Vector512.Load(value + 3 * size), v3);
                }

                ((v0 + v1) + (v2 + v3)).Store(turned + lane * Lanes);
            }

            LaneMath.Transpose(turned, Lanes, attended + feature * Lanes);
        }
    }
}
