namespace GpuWorker.Rollouts;

/// <summary>Samples a token from logits on the CPU by inverting the cumulative distribution.</summary>
internal static class CpuTokenSampler
{
    /// <summary>The token and its log-probability at the temperature.</summary>
    /// <param name="logits">One per token.</param>
    /// <param name="temperature">Above 0; divides the logits.</param>
    /// <param name="uniform">In [0, 1); null for the likeliest token, the first one if tied.</param>
    public static SampledToken Choose(ReadOnlySpan<float> logits, double temperature, double? uniform)
    {
        var best = 0;
        for (var i = 1; i < logits.Length; i++)
        {
            if (logits[i] > logits[best])
                best = i;
        }

        double top = logits[best];
        Span<double> cumulative = logits.Length <= 512 ? stackalloc double[logits.Length] : new double[logits.Length];
        var total = 0.0;
        for (var i = 0; i < logits.Length; i++)
            cumulative[i] = total += Math.Exp((logits[i] - top) / temperature);

        var logTotal = Math.Log(total);
        if (uniform is not { } draw)
            return new(best, (float)-logTotal);

        var target = draw * total;
        var token = 0;
        while (token < logits.Length - 1 && cumulative[token] <= target)
            token++;
        return new(token, (float)((logits[token] - top) / temperature - logTotal));
    }
}

/// <summary>A token, and its log-probability at the temperature of the draw.</summary>
internal readonly record struct SampledToken(int Token, float LogProb);
