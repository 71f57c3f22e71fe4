using System.Runtime.Intrinsics;
using Curriculum.Draws;
using Curriculum.Plans;

namespace Curriculum.Evaluation;

/// <summary>The bootstrap over two crossed factors: training seeds and problems are both resampled with replacement.</summary>
/// <remarks>
/// A draw picks as many seeds and as many problems as there are, and averages the picked cells (Owen 2007, the pigeonhole bootstrap).
/// With one seed only problems vary. All measures of one call share their resamples. Sums run in a fixed order over fixed-width vectors,
/// so that the same scores and key give the same bits on any machine.
/// </remarks>
public static class CrossedBootstrap
{
    /// <summary>The bootstrap distribution of each measure's mean.</summary>
    /// <param name="measures">For each measure, for each seed, one score per problem: all of the same shape.</param>
    /// <param name="draws">Number of resamples.</param>
    /// <param name="next">A keyed random index below its argument.</param>
    /// <exception cref="ArgumentException">A measure is empty or of another shape than the first.</exception>
    public static IReadOnlyList<BootstrapDistribution> Draw(IReadOnlyList<double[][]> measures, int draws, Func<int, int> next)
    {
        var (seeds, problems) = Shape(measures);
        var means = measures.Select(_ => new double[draws]).ToArray();
        var seedCounts = new double[seeds];
        var problemCounts = new double[problems];
        for (var draw = 0; draw < draws; draw++)
        {
            Resample(seedCounts, next);
            Resample(problemCounts, next);
            for (var measure = 0; measure < means.Length; measure++)
            {
                var sum = 0.0;
                for (var seed = 0; seed < seeds; seed++)
                {
                    if (seedCounts[seed] > 0)
                        sum += seedCounts[seed] * Dot(problemCounts, measures[measure][seed]);
                }

                means[measure][draw] = sum / ((double)seeds * problems);
            }
        }

        return [.. measures.Select((scores, measure) => new BootstrapDistribution(Mean(scores), means[measure]))];
    }

    /// <summary>The draws of one estimate: keyed by the run's seeds and by what is estimated, and by nothing of how its plan is written.</summary>
    internal static KeyedRandom Stream(RunPlan plan, string estimate) => KeyedRandom.Stream($"bootstrap/{string.Join(',', plan.Seeds)}/{estimate}");

    private static (int Seeds, int Problems) Shape(IReadOnlyList<double[][]> measures)
    {
        if (measures.Count == 0 || measures[0].Length == 0 || measures[0][0].Length == 0)
            throw new ArgumentException("Expected at least one measure, one seed and one problem.", nameof(measures));

        var (seeds, problems) = (measures[0].Length, measures[0][0].Length);
        if (measures.Any(scores => scores.Length != seeds || scores.Any(row => row.Length != problems)))
            throw new ArgumentException($"Expected every measure to be {seeds} seeds x {problems} problems.", nameof(measures));
        return (seeds, problems);
    }

    private static void Resample(double[] counts, Func<int, int> next)
    {
        if (counts.Length == 1)
        {
            counts[0] = 1;
            return;
        }

        Array.Clear(counts);
        for (var i = 0; i < counts.Length; i++)
            counts[next(counts.Length)]++;
    }

    private static double Mean(double[][] scores) => scores.Sum(row => row.Sum()) / ((double)scores.Length * scores[0].Length);

    // Vector256 is four lanes on every machine (emulated where the hardware has none), unlike Vector<T>.
    private static double Dot(ReadOnlySpan<double> left, ReadOnlySpan<double> right)
    {
        var lanes = Vector256<double>.Zero;
        var i = 0;
        for (; i <= left.Length - 4; i += 4)
            lanes += Vector256.Create(left[i..]) * Vector256.Create(right[i..]);

        var sum = lanes[0] + lanes[1] + (lanes[2] + lanes[3]);
        for (; i < left.Length; i++)
            sum += left[i] * right[i];
        return sum;
    }
}
