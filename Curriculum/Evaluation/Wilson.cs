namespace Curriculum.Evaluation;

/// <summary>The score interval of a single proportion (Wilson 1927).</summary>
public static class Wilson
{
    /// <summary>The proportion and its interval, which stays within 0 to 1 and is never of zero width.</summary>
    /// <exception cref="ArgumentOutOfRangeException">No trials, more successes than trials, or a confidence outside (0, 1).</exception>
    public static Estimate Interval(int successes, int trials, double confidence)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(trials, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, trials);

        var z = NormalQuantile((1 + confidence) / 2);
        var p = (double)successes / trials;
        var shrink = 1 + z * z / trials;
        var centre = (p + z * z / (2 * trials)) / shrink;
        var half = z * Math.Sqrt(p * (1 - p) / trials + z * z / (4.0 * trials * trials)) / shrink;
        return new(p, successes == 0 ? 0 : Math.Max(0, centre - half), successes == trials ? 1 : Math.Min(1, centre + half));
    }

    /// <summary>The standard normal quantile, by Newton's method on <see cref="NormalCdf"/>.</summary>
    internal static double NormalQuantile(double probability)
    {
        if (probability is not (> 1e-9 and < 1 - 1e-9))
            throw new ArgumentOutOfRangeException(nameof(probability), probability, "Expected a probability between 1e-9 and 1 - 1e-9.");

        if (probability < 0.5)
            return -NormalQuantile(1 - probability);

        // From 0 the steps approach a quantile above 0 monotonically: the distribution function is concave there.
        var x = 0.0;
        for (var i = 0; i < 200; i++)
        {
            var step = (probability - NormalCdf(x)) / Density(x);
            x += step;
            if (Math.Abs(step) < 1e-14)
                break;
        }

        return x;
    }

    /// <summary>The standard normal distribution function by its Taylor series (Marsaglia 2004); full precision for |x| up to 7.</summary>
    internal static double NormalCdf(double x)
    {
        double sum = x, term = x;
        for (var i = 3; Math.Abs(term) > 1e-18; i += 2)
        {
            term *= x * x / i;
            sum += term;
        }

        return 0.5 + sum * Density(x);
    }

    private static double Density(double x) => Math.Exp(-x * x / 2) / Math.Sqrt(2 * Math.PI);
}
