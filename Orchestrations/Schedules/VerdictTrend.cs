using System.Globalization;
using Curriculum.Evaluation;
using Curriculum.Statistics;

namespace Orchestrations.Schedules;

/// <summary>Whether a night's verdict is worse than the one before: a pure function of the two.</summary>
/// <remarks>
/// Worse is: an arm without a figure that had one; an arm whose accuracy fell by at least the plan's smallest interesting difference and whose interval
/// lies below the earlier figure; a comparison that went from winning to undecided or losing, or from undecided to losing. Verdicts of different plans are
/// not held against each other.
/// </remarks>
public static class VerdictTrend
{
    public static bool AreComparable(VerdictScore earlier, VerdictScore now) => earlier.PlanHash == now.PlanHash;

    /// <summary>In which ways the verdict is worse, a sentence each; none where it is not.</summary>
    public static IReadOnlyList<string> Regressions(VerdictScore earlier, VerdictScore now)
    {
        if (!AreComparable(earlier, now))
            return [];
        var found = new List<string>();
        foreach (var before in earlier.Arms)
        {
            if (now.Arms.FirstOrDefault(arm => arm.Arm == before.Arm) is not { } after)
                found.Add($"{before.Arm} has no figure; it was {Percent(before.Accuracy.Value)}.");
            else if (Rounding.Reaches(before.Accuracy.Value - after.Accuracy.Value, now.SmallestInterestingDifference) && after.Accuracy.High < before.Accuracy.Value)
                found.Add($"{before.Arm} fell from {Percent(before.Accuracy.Value)} to {Percent(after.Accuracy.Value)} (interval {Percent(after.Accuracy.Low)} to {Percent(after.Accuracy.High)}).");
        }

        foreach (var before in earlier.Comparisons)
        {
            var after = now.Comparisons.FirstOrDefault(comparison => comparison.Curriculum == before.Curriculum && comparison.Against == before.Against);
            if (after is not null && Rank(after.Decision) < Rank(before.Decision))
                found.Add($"{before.Curriculum} against {before.Against}: {Word(before.Decision)} before, {Word(after.Decision)} now.");
        }

        if (found.Count > 0 && !earlier.Fingerprints.SequenceEqual(now.Fingerprints))
            found.Add($"The numerics differ: {string.Join(", ", earlier.Fingerprints)} before, {string.Join(", ", now.Fingerprints)} now.");
        return found;
    }

    private static int Rank(Decision decision) => decision switch { Decision.Wins => 2, Decision.Undecided => 1, _ => 0 };

    private static string Word(Decision decision) => decision switch { Decision.Wins => "won", Decision.Undecided => "undecided", _ => "lost" };

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.0} %");
}
