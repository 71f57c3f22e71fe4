using GpuWorker.Policies;

namespace GpuWorker.Rollouts.Lanes;

/// <summary>Attention of a tile's rows over their prompts' keys and values and their own.</summary>
/// <remarks>Each row's sums run over its tokens in a fixed order; what it does not see has the score minus infinity and changes no bit.</remarks>
internal static unsafe class LaneAttention
{
    private const int Lanes = LaneTile.Lanes;

    public static void Attend(LaneTile tile, PolicyConfig config, int layer)
    {
        var group = config.NumAttentionHeads / config.KeyValueHeads;
        for (var head = 0; head < config.NumAttentionHeads; head++)
        {
            var keyOffset = head / group * config.HeadSize;
            var queries = tile.Memory + tile.Layout.Queries + head * config.HeadSize * Lanes;
            var attended = tile.Memory + tile.Layout.Attended + head * config.HeadSize * Lanes;
            PromptAttention.Score(tile, config, layer, queries, keyOffset);
            OwnAttention.Score(tile, config, layer, queries, keyOffset);
            var share = LaneSoftmax.Normalize(tile);
            PromptAttention.Read(tile, config, layer, attended, keyOffset);
            OwnAttention.Read(tile, config, layer, attended, keyOffset, share);
        }
    }
}
