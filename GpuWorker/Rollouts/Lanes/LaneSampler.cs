using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using GpuWorker.Policies.Packed;

namespace GpuWorker.Rollouts.Lanes;

/// <summary>Draws a token for each row of a tile, as <see cref="CpuTokenSampler"/> draws one.</summary>
/// <remarks>Exponentials are single numbers, and summed in double ones.</remarks>
internal sealed unsafe class LaneSampler(double temperature, int vocabulary) : IDisposable
{
    private const int Lanes = LaneTile.Lanes;

    private readonly AlignedBuffer _weights = new((long)vocabulary * Lanes);
    private readonly double[] _shares = new double[Lanes];
    private readonly double[] _totals = new double[Lanes];
    private readonly float[] _tops = new float[Lanes];
    private readonly int[] _best = new int[Lanes];
    private readonly long[] _drawn = new long[Lanes];

    /// <summary>The token of each lane after a draw.</summary>
    public SampledToken[] Tokens { get; } = new SampledToken[Lanes];

    /// <summary>Chooses a token for each row that is in the tile.</summary>
    public void Draw(LaneTile tile)
    {
        var rows = tile.Rows;
        for (var lane = 0; lane < Lanes; lane++)
            _shares[lane] = rows[lane]?.Uniform ?? 0;
        var logits = tile.Memory + tile.Layout.Logits;
        Weigh(logits);
        Place();
        for (var lane = 0; lane < Lanes; lane++)
        {
            if (rows[lane] is not { } row)
                continue;
            var token = row.IsGreedy ? _best[lane] : Math.Min((int)_drawn[lane], vocabulary - 1);
            var away = row.IsGreedy ? 0 : ((double)logits[token * Lanes + lane] - _tops[lane]) / temperature;
            Tokens[lane] = new(token, (float)(away - Math.Log(_totals[lane])));
        }
    }

    // The first of the largest logits, and the exponential of each logit's distance from it.
    private void Weigh(float* logits)
    {
        var (top, best) = (Vector512.Load(logits), Vector512<int>.Zero);
        for (var token = 1; token < vocabulary; token++)
        {
            var logit = Vector512.Load(logits + token * Lanes);
            var above = Vector512.GreaterThan(logit, top);
            (top, best) = (Vector512.ConditionalSelect(above, logit, top), Vector512.ConditionalSelect(above.AsInt32(), Vector512.Create(token), best));
        }

        var factor = Vector512.Create((float)(1 / temperature));
        var (low, high) = (Vector512<double>.Zero, Vector512<double>.Zero);
        for (var token = 0; token < vocabulary; token++)
        {
            var weight = LaneMath.Exp((Vector512.Load(logits + token * Lanes) - top) * factor);
            weight.Store(_weights.Pointer + token * Lanes);
            (low, high) = (low + Avx512F.ConvertToVector512Double(weight.GetLower()), high + Avx512F.ConvertToVector512Double(weight.GetUpper()));
        }

        low.CopyTo(_totals);
        high.CopyTo(_totals, Lanes / 2);
        top.CopyTo(_tops);
        best.CopyTo(_best);
    }

    // The first token at which the cumulative sum passes the draw's share of the total: as many sums do not.
    private void Place()
    {
        var (low, high) = (Vector512<double>.Zero, Vector512<double>.Zero);
        var (lowTarget, highTarget) = (
            Vector512.Create(_shares) * Vector512.Create(_totals),
            Vector512.Create(_shares, Lanes / 2) * Vector512.Create(_totals, Lanes / 2));
        var (lowCount, highCount) = (Vector512<long>.Zero, Vector512<long>.Zero);
        for (var token = 0; token < vocabulary; token++)
        {
            var weight = Vector512.Load(_weights.Pointer + token * Lanes);
            (low, high) = (low + Avx512F.ConvertToVector512Double(weight.GetLower()), high + Avx512F.ConvertToVector512Double(weight.GetUpper()));
            lowCount -= Vector512.LessThanOrEqual(low, lowTarget).AsInt64();
            highCount -= Vector512.LessThanOrEqual(high, highTarget).AsInt64();
        }

        lowCount.CopyTo(_drawn);
        highCount.CopyTo(_drawn, Lanes / 2);
    }

    public void Dispose() => _weights.Dispose();
}
