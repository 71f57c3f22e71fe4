namespace Curriculum.Evaluation;

/// <summary>An estimate and its resampled values.</summary>
public sealed class BootstrapDistribution
{
    // Means that differ only by the order of their sums are one value: k/n and its neighbours in the last bits.
    private const double Tolerance = 1e-12;

    private readonly double[] _sorted;

    internal BootstrapDistribution(double value, double[] resampled)
    {
        Value = value;
        _sorted = [.. resampled];
        Array.Sort(_sorted);
    }

    /// <summary>The estimate from the scores themselves.</summary>
    public double Value { get; }

    /// <summary>The percentile interval, by linear interpolation between order statistics (type 7 of Hyndman and Fan).</summary>
    public Estimate Interval(double confidence) =>
        new(Value, Quantile((1 - confidence) / 2), Quantile((1 + confidence) / 2));

    /// <summary>The two-sided p-value of a mean of zero: twice the smaller of the two tails, (k + 1) / (draws + 1) each.</summary>
    public double PValue()
    {
        var atMost = _sorted.Count(value => value <= Tolerance);
        var atLeast = _sorted.Count(value => value >= -Tolerance);
        return Math.Min(1, 2.0 * (Math.Min(atMost, atLeast) + 1) / (_sorted.Length + 1));
    }

    private double Quantile(double probability)
    {
        var position = probability * (_sorted.Length - 1);
        var below = (int)Math.Floor(position);
        var above = Math.Min(below + 1, _sorted.Length - 1);
        return _sorted[below] + (position - below) * (_sorted[above] - _sorted[below]);
    }
}
