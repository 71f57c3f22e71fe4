using GpuWorker.Policies.Packed;

namespace GpuWorker.Rollouts.Lanes;

/// <summary>Cosine and sine of each rotating pair at each position, scaled as <see cref="Policies.RotaryEmbedding"/> scales them.</summary>
internal sealed unsafe class RotaryAngles
{
    private readonly float[] _cosines;
    private readonly float[] _sines;

    /// <param name="policy">The policy.</param>
    /// <param name="positions">How many positions there are.</param>
    public RotaryAngles(PackedPolicy policy, int positions)
    {
        Pairs = policy.Frequencies.Length;
        (_cosines, _sines) = (new float[positions * Pairs], new float[positions * Pairs]);
        var scale = policy.Config.Rope.Scale;
        for (var i = 0; i < _cosines.Length; i++)
        {
            var (sine, cosine) = Math.SinCos(i / Pairs * policy.Frequencies[i % Pairs]);
            (_cosines[i], _sines[i]) = ((float)(cosine * scale), (float)(sine * scale));
        }
    }

    /// <summary>Pairs of a head that rotate.</summary>
    public int Pairs { get; }

    /// <summary>Writes those of the tile's positions to the tile.</summary>
    public void Place(LaneTile tile)
    {
        for (var lane = 0; lane < LaneTile.Lanes; lane++)
        {
            var from = tile.Positions[lane] * Pairs;
            var cosines = tile.Memory + tile.Layout.Cosines + lane;
            var sines = tile.Memory + tile.Layout.Sines + lane;
            for (var pair = 0; pair < Pairs; pair++)
                (cosines[pair * LaneTile.Lanes], sines[pair * LaneTile.Lanes]) = (_cosines[from + pair], _sines[from + pair]);
        }
    }
}
