namespace Curriculum.Evaluation;

/// <summary>What the run was asked, answered in one short sentence for someone who reads no other.</summary>
public static class Answer
{
    public static string Of(RunVerdict verdict, string curriculum)
    {
        if (verdict.Failure is not null)
            return "No answer: no arm trained.";
        if (verdict.Comparisons.Count == 0)
            return $"No answer: {curriculum} was compared with no other arm.";
        var least = verdict.Comparisons.Min(comparison => comparison.Seeds.Count);
        var losses = Against(verdict, Decision.Loses);
        if (losses.Count > 0)
            return $"No: {curriculum} does worse than {Words.Join(losses)}.";
        var wins = Against(verdict, Decision.Wins);
        if (wins.Count == verdict.Comparisons.Count)
            return $"Yes: {curriculum} does better than {Words.Join(wins)}.";
        if (wins.Count > 0)
            return $"In part: {curriculum} does better than {Words.Join(wins)}; against {Words.Join(Against(verdict, Decision.Undecided))} nothing is decided.";
        return least < PairedComparisons.MinimumSeeds
            ? FormattableString.Invariant($"Not decided: {least} {(least == 1 ? "seed" : "seeds")} of the {PairedComparisons.MinimumSeeds} that are needed.")
            : $"Not decided: the differences of {curriculum} to the other arms are within what chance gives.";
    }

    private static List<string> Against(RunVerdict verdict, Decision decision) =>
        [.. verdict.Comparisons.Where(comparison => comparison.Decision == decision).Select(comparison => comparison.Against)];
}
