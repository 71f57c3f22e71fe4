namespace Curriculum.Evaluation;

/// <summary>Holm's step-down correction (1979).</summary>
public static class Holm
{
    /// <summary>The rank, from 0, of each p-value; ties rank in the order given.</summary>
    public static int[] Ranks(IReadOnlyList<double> pValues)
    {
        var ranks = new int[pValues.Count];
        var ordered = Enumerable.Range(0, pValues.Count).OrderBy(i => pValues[i]).ToArray();
        for (var rank = 0; rank < ordered.Length; rank++)
            ranks[ordered[rank]] = rank;
        return ranks;
    }

    /// <summary>Adjusted p-values, in the order given: running maximum over the ranks of (m - rank) p, at most 1.</summary>
    public static double[] Adjust(IReadOnlyList<double> pValues)
    {
        var adjusted = new double[pValues.Count];
        var ordered = Enumerable.Range(0, pValues.Count).OrderBy(i => pValues[i]).ToArray();
        var largest = 0.0;
        for (var rank = 0; rank < ordered.Length; rank++)
        {
            largest = Math.Max(largest, Math.Min(1, (ordered.Length - rank) * pValues[ordered[rank]]));
            adjusted[ordered[rank]] = largest;
        }

        return adjusted;
    }
}
