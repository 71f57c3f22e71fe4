namespace Orchestrations.Reports;

/// <summary>One axis of a chart: values to coordinates, and where the ticks stand.</summary>
internal sealed record Axis(double Least, double Most, double From, double To)
{
    /// <summary>An axis that ends on round values and holds all of the given ones.</summary>
    public static Axis Around(double least, double most, double from, double to)
    {
        if (most - least < 1e-9)
            (least, most) = (least - 0.5, most + 0.5);
        var step = Step(least, most);
        return new(Math.Floor(least / step) * step, Math.Ceiling(most / step) * step, from, to);
    }

    public double At(double value) => From + (value - Least) / (Most - Least) * (To - From);

    public IEnumerable<double> Ticks()
    {
        var step = Step(Least, Most);
        for (var i = (long)Math.Ceiling(Least / step - 1e-9); i * step <= Most + step * 1e-9; i++)
            yield return i * step;
    }

    // 1, 2 or 5 times a power of ten, for four to eight ticks.
    private static double Step(double least, double most)
    {
        var rough = (most - least) / 5;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        return (rough / power) switch { < 1.5 => 1, < 3.5 => 2, < 7.5 => 5, _ => 10 } * power;
    }
}
