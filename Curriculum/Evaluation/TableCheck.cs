using System.Globalization;

namespace Curriculum.Evaluation;

/// <summary>Holds the averages that a table shows against the cells that it shows.</summary>
public static class TableCheck
{
    /// <summary>The mean of the cells, and whether the printed average is it to the printed precision.</summary>
    /// <param name="cells">As printed.</param>
    /// <param name="printed">The average as printed.</param>
    /// <param name="decimals">Decimals of cells and average: each may be off by half a unit of the last place, so their mean may be too.</param>
    public static CheckedAverage Average(IReadOnlyList<double> cells, double printed, int decimals)
    {
        var mean = cells.Average();
        // Half a unit for the rounding of the cells, half for that of the average.
        return new(mean, Math.Abs(mean - printed) <= Math.Pow(10, -decimals) + 1e-9);
    }

    /// <summary>One line for every average of a stored verdict that is not the mean of its own seeds' cells.</summary>
    public static IReadOnlyList<string> Mismatches(RunVerdict verdict)
    {
        var found = new List<string>();
        foreach (var arm in verdict.Arms)
        {
            foreach (var row in arm.Benchmarks)
            {
                var cells = arm.Seeds.Where(seed => seed.Failure is null).SelectMany(seed => seed.Benchmarks.Where(cell => cell.Name == row.Name)).ToList();
                void Hold(string what, double? shown, double? mean)
                {
                    if (shown is { } value && !(Math.Abs(value - (mean ?? double.NaN)) < 1e-9))
                        found.Add(string.Create(CultureInfo.InvariantCulture, $"{verdict.Name}: {what} of {arm.Arm} on {row.Name} is shown as {value:0.######}, and its cells average {mean:0.######}."));
                }

                Hold("the greedy accuracy", row.Greedy.Value, cells.Select(cell => (double?)cell.Greedy.Value).Average());
                Hold("the sampled accuracy", row.Sampled?.Value, cells.Select(cell => cell.Sampled).Average());
            }
        }

        return found;
    }
}

/// <summary>An average computed anew.</summary>
public sealed record CheckedAverage(double Mean, bool Agrees);
