using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using GpuWorker.Policies.Packed;

namespace GpuWorker.Rollouts.Lanes;

/// <summary>One token further for every row of some tiles: the computation of <see cref="Policies.Transformer"/>.</summary>
internal sealed unsafe class LaneStep(PackedPolicy policy, RotaryAngles angles)
{
    private const int Lanes = LaneTile.Lanes;

    /// <summary>Reads the tiles' tokens; their last states, normalized, are then in <see cref="TileLayout.Normal"/>.</summary>
    /// <param name="tiles">Tiles of one layout.</param>
    /// <param name="read">How many lanes read prompts, whose keys and values go to the prompt's; null where rows continue theirs.</param>
    public void Run(ReadOnlySpan<LaneTile> tiles, int? read)
    {
        var layout = tiles[0].Layout;
        foreach (var tile in tiles)
        {
            tile.Begin(own: read is null);
            Embed(tile);
            angles.Place(tile);
            Normalize(tile);
        }

        for (var layer = 0; layer < policy.Layers.Count; layer++)
        {
            var parts = policy.Layers[layer];
            LaneProduct.Multiply(parts.QueriesKeysValues, tiles, layout.Normal, layout.Queries, add: false);
            for (var i = 0; i < tiles.Length; i++)
            {
                Rotate(tiles[i]);
                StoreKeysValues(tiles[i], layer, read - i * Lanes);
                LaneAttention.Attend(tiles[i], policy.Config, layer);
            }

            LaneProduct.Multiply(parts.AttentionOut, tiles, layout.Attended, layout.Hidden, add: true);
            foreach (var tile in tiles)
                Normalize(tile);
            LaneProduct.Multiply(parts.GateUp, tiles, layout.Normal, layout.Gates, add: false);
            foreach (var tile in tiles)
                Gate(tile.Memory + layout.Gates, policy.Config.IntermediateSize * Lanes);
            LaneProduct.Multiply(parts.Down, tiles, layout.Gates, layout.Hidden, add: true);
            foreach (var tile in tiles)
                Normalize(tile);
        }
    }

    /// <summary>The logits of the last states.</summary>
    public void Logits(ReadOnlySpan<LaneTile> tiles)
    {
        LaneProduct.Multiply(policy.Output, tiles, tiles[0].Layout.Normal, tiles[0].Layout.Logits, add: false);
        foreach (var tile in tiles)
        {
            foreach (var token in policy.SuppressedTokens)
                Vector512.Create(Policies.Transformer.SuppressedLogit).Store(tile.Memory + tile.Layout.Logits + token * Lanes);
        }
    }

    private void Embed(LaneTile tile)
    {
        var hidden = policy.Config.HiddenSize;
        for (var lane = 0; lane < Lanes; lane++)
        {
            var from = policy.Embedding.AsSpan(tile.Tokens[lane] * hidden, hidden);
            var to = tile.Memory + tile.Layout.Hidden + lane;
            for (var i = 0; i < from.Length; i++)
                to[i * Lanes] = from[i];
        }
    }

    private void Normalize(LaneTile tile)
    {
        var hidden = tile.Memory + tile.Layout.Hidden;
        var normal = tile.Memory + tile.Layout.Normal;
        var end = policy.Config.HiddenSize * Lanes;
        Vector512<float> a, b, c, d;
        a = b = c = d = Vector512<float>.Zero;
        for (var i = 0; i < end; i += 4 * Lanes)
        {
            var (p, q, r, s) = (Vector512.Load(hidden + i), Vector512.Load(hidden + i + 16), Vector512.Load(hidden + i + 32), Vector512.Load(hidden + i + 48));
            (a, b) = (Avx512F.FusedMultiplyAdd(p, p, a), Avx512F.FusedMultiplyAdd(q, q, b));
            (c, d) = (Avx512F.FusedMultiplyAdd(r, r, c), Avx512F.FusedMultiplyAdd(s, s, d));
        }

        var mean = ((a + b) + (c + d)) / Vector512.Create((float)policy.Config.HiddenSize);
        var factor = Vector512<float>.One / Avx512F.Sqrt(mean + Vector512.Create((float)policy.Config.RmsNormEps));
        for (var i = 0; i < end; i += Lanes)
            (Vector512.Load(hidden + i) * factor).Store(normal + i);
    }

    // Each pair of features of a query or key, side by side, turns by its angle.
    private void Rotate(LaneTile tile)
    {
        var cosines = tile.Memory + tile.Layout.Cosines;
        var sines = tile.Memory + tile.Layout.Sines;
        var heads = policy.Config.NumAttentionHeads + policy.Config.KeyValueHeads;
        for (var head = 0; head < heads; head++)
        {
            var x = tile.Memory + tile.Layout.Queries + head * policy.Config.HeadSize * Lanes;
            for (var pair = 0; pair < angles.Pairs; pair++, x += 2 * Lanes)
            {
                var (cosine, sine) = (Vector512.Load(cosines + pair * Lanes), Vector512.Load(sines + pair * Lanes));
                var (real, imaginary) = (Vector512.Load(x), Vector512.Load(x + Lanes));
                (real * cosine - imaginary * sine).Store(x);
                (real * sine + imaginary * cosine).Store(x + Lanes);
            }
        }
    }

    private static void StoreKeysValues(LaneTile tile, int layer, int? read)
    {
        var keys = tile.Memory + tile.Layout.Keys;
        var size = tile.Layout.KeyValueSize;
        if (read is null)
        {
            var length = 2 * size * Lanes;
            new ReadOnlySpan<float>(keys, length).CopyTo(new(tile.Memory + tile.Layout.OwnAt(layer, tile.OwnSlots[^1]), length));
            return;
        }

        for (var lane = 0; lane < Math.Min(read.Value, Lanes); lane++)
            tile.Prompts[lane].Store(layer, tile.Positions[lane], keys + lane);
    }

    // SwiGLU: x / (1 + e^-x) times what it gates.
    private static void Gate(float* gates, int length)
    {
        for (var i = 0; i < length; i += Lanes)
        {
            var x = Vector512.Load(gates + i);
            var gate = x / (Vector512<float>.One + LaneMath.Exp(-x));
            (gate * Vector512.Load(gates + length + i)).Store(gates + i);
        }
    }
}
