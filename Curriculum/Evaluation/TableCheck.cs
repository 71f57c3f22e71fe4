using System.Globalization;
using Curriculum.Plans;

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

    /// <summary>One line for every average of a stored verdict that is not the mean of its own seeds' cells, and for every difference that is not that of these means.</summary>
    public static IReadOnlyList<string> Mismatches(RunVerdict verdict)
    {
        var found = new List<string>();
        void Hold(string what, double? shown, double? mean)
        {
            if (shown is { } value && !(Math.Abs(value - (mean ?? double.NaN)) < 1e-9))
                found.Add(string.Create(CultureInfo.InvariantCulture, $"{verdict.Name}: {what} is shown as {value:0.######}, and its cells average {mean:0.######}."));
        }

        foreach (var arm in verdict.Arms)
        {
            foreach (var row in arm.Benchmarks)
            {
                var where = $"of {arm.Arm} on {row.Name}";
                Hold($"the greedy accuracy {where}", row.Greedy.Value, Mean(arm, row.Name, cell => cell.Greedy.Value));
                Hold($"the greedy accuracy with valid steps {where}", row.GreedyStepsValid.Value, Mean(arm, row.Name, cell => cell.GreedyStepsValid));
                Hold($"the sampled accuracy {where}", row.Sampled?.Value, Mean(arm, row.Name, cell => cell.Sampled));
                Hold($"the sampled accuracy with valid steps {where}", row.SampledStepsValid?.Value, Mean(arm, row.Name, cell => cell.SampledStepsValid));
                if (!row.Recomputed.Agrees)
                    found.Add($"{verdict.Name}: the averages {where} did not agree with their cells when the verdict was written.");
            }
        }

        // A comparison is over the seeds that both arms have: with a failed one, these are not the arms' own averages.
        if (verdict.FailedArms.Count > 0)
            return found;
        foreach (var comparison in verdict.Comparisons)
            Hold($"the difference of {comparison.Curriculum} and {comparison.Against}", comparison.Difference?.Value, Primary(verdict, comparison.Curriculum) - Primary(verdict, comparison.Against));
        return found;
    }

    private static double? Primary(RunVerdict verdict, string name) => verdict.Arms.FirstOrDefault(arm => arm.Arm == name) is { } arm
        ? Mean(arm, verdict.Benchmark, cell => verdict.PrimaryMetric == Metric.Sampled ? cell.Sampled : cell.Greedy.Value)
        : null;

    private static double? Mean(ArmVerdict arm, string benchmark, Func<SeedBenchmark, double?> cell) =>
        arm.Seeds.Where(seed => seed.Failure is null).SelectMany(seed => seed.Benchmarks.Where(found => found.Name == benchmark)).Select(cell).Average();
}

/// <summary>An average computed anew.</summary>
public sealed record CheckedAverage(double Mean, bool Agrees);
