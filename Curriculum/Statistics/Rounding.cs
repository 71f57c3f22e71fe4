namespace Curriculum.Statistics;

/// <summary>Comparisons of means, sums and shares, whose last digits depend on the order in which they were added.</summary>
/// <remarks>
/// Figures within 1e-10, or that share of the larger one, are the same: ten rewards of 0.1 are none above their mean, which comes out as
/// 0.09999999999999999. A real difference is a part of a count and far larger; the rounding of a sum of a million rewards is smaller.
/// </remarks>
public static class Rounding
{
    public const double Tolerance = 1e-10;

    /// <summary>Whether a value is above a limit by more than rounding. False where one of them is not a number.</summary>
    public static bool Above(double value, double limit) => value - limit > Tolerance * Math.Max(1, Math.Max(Math.Abs(value), Math.Abs(limit)));

    /// <summary>Whether a value is below a limit by more than rounding.</summary>
    public static bool Below(double value, double limit) => Above(limit, value);

    /// <summary>Whether a value reaches a limit, but for rounding. False where one of them is not a number.</summary>
    public static bool Reaches(double value, double limit) => !Above(limit, value) && !double.IsNaN(value) && !double.IsNaN(limit);

    /// <summary>Whether two values are equal, but for rounding.</summary>
    public static bool Same(double value, double other) => Reaches(value, other) && Reaches(other, value);
}
