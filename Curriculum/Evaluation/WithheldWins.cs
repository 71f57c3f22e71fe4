using Curriculum.Evaluation.Audits;
using Curriculum.Plans;

namespace Curriculum.Evaluation;

/// <summary>Takes wins back that the figures alone would give: on a recited benchmark, or with a spurious reward within reach.</summary>
internal static class WithheldWins
{
    /// <summary>The comparisons as they may be quoted, each with its reasons.</summary>
    public static IReadOnlyList<Comparison> From(
        RunPlan plan, IReadOnlyList<Comparison> comparisons, BenchmarkStanding standing, IReadOnlyList<Regression> regressions)
    {
        var reasons = new List<string>();
        if (standing.Standing == Standing.Recited)
            reasons.Add($"Contaminated: {standing.Benchmark} cannot support a win. {standing.Reason}");
        var near = comparisons.Where(comparison => comparison.Decision != Decision.Wins && SpuriousRewards.Has(plan.Arms.First(arm => arm.Name == comparison.Against)))
            .Select(comparison => comparison.Against).ToList();
        if (near.Count > 0)
            reasons.Add($"Spurious: {Words.Join(near)}, whose reward says nothing of the answer, is within reach of {plan.Evaluation.Curriculum}; a gain over others need not be owed to the reward.");

        var besides = regressions.Where(regression => regression.Arm == plan.Evaluation.Curriculum)
            .Select(regression => $"Regression on {regression.Benchmark} against the base: {Words.Points(regression.Difference.Value)} ({Words.PointsRange(regression.Difference)}).").ToList();
        return [.. comparisons.Select(comparison => comparison.Decision == Decision.Wins
            ? comparison with { Decision = reasons.Count > 0 ? Decision.Undecided : Decision.Wins, Reasons = [.. comparison.Reasons, .. reasons, .. besides] }
            : comparison)];
    }
}
