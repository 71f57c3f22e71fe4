using Curriculum.Plans;

namespace Curriculum.Evaluation;

/// <summary>The verdict in one sentence.</summary>
internal static class Headline
{
    public static string Of(EvaluationPlan evaluation, IReadOnlyList<ArmVerdict> arms, IReadOnlyList<Comparison> comparisons)
    {
        var what = $"{(evaluation.PrimaryMetric == Metric.Sampled ? "sampled" : "greedy")} accuracy on {evaluation.Benchmarks[0].Name}";
        if (Accuracy(evaluation, arms) is not { } accuracy)
            return $"Undecided for this base: {evaluation.Curriculum} could not be evaluated.";

        var figures = $"{what} {Words.Percent(accuracy.Value)} ({Words.Confidence(evaluation.Confidence)} interval {Words.PercentRange(accuracy)})";
        var most = comparisons.Where(comparison => comparison.Seeds.Count > 0).Select(comparison => comparison.Seeds.Count).DefaultIfEmpty(0).Max();
        if (comparisons.Count == 0)
            return $"For this base, {evaluation.Curriculum} was compared with no other arm: {figures}.";
        if (most < PairedComparisons.MinimumSeeds)
            return $"Undecided for this base: too few seeds ({most}, and {PairedComparisons.MinimumSeeds} are needed). {evaluation.Curriculum}: {figures}{Differences(comparisons)}.";

        var parts = new List<string>();
        void Add(Decision decision, string verb)
        {
            var names = comparisons.Where(comparison => comparison.Decision == decision).Select(comparison => comparison.Against).ToList();
            if (names.Count > 0)
                parts.Add($"{verb} {Words.Join(names)}");
        }

        Add(Decision.Wins, "beats");
        Add(Decision.Loses, "loses to");
        Add(Decision.Undecided, "is undecided against");
        return $"For this base, {evaluation.Curriculum} {Words.Join(parts)}: {figures}{Differences(comparisons)}.";
    }

    private static Estimate? Accuracy(EvaluationPlan evaluation, IReadOnlyList<ArmVerdict> arms)
    {
        var row = arms.First(arm => arm.Arm == evaluation.Curriculum).Benchmarks.FirstOrDefault(benchmark => benchmark.Name == evaluation.Benchmarks[0].Name);
        return evaluation.PrimaryMetric == Metric.Sampled ? row?.Sampled : row?.Greedy;
    }

    private static string Differences(IReadOnlyList<Comparison> comparisons)
    {
        var shown = comparisons.Where(comparison => comparison.Difference is not null)
            .Select(comparison => $"{Words.Points(comparison.Difference!.Value)} on {comparison.Against}").ToList();
        return shown.Count == 0 ? "" : $"; {Words.Join(shown)}";
    }
}
