using Curriculum.Plans;

namespace Curriculum.Evaluation;

/// <summary>Compares the curriculum with the other arms and decides; the rule is stated on <see cref="Comparison"/>.</summary>
internal static class PairedComparisons
{
    /// <summary>Fewest training seeds for a decision.</summary>
    public const int MinimumSeeds = 3;

    // Sums in another order differ in the last bits; nothing closer to zero than this is away from it.
    internal const double Tolerance = 1e-12;

    public static IReadOnlyList<Comparison> All(RunPlan plan, ResultTable table)
    {
        var evaluation = plan.Evaluation;
        var curriculum = plan.Arms.First(arm => arm.Name == evaluation.Curriculum);
        var names = evaluation.Against ?? [.. plan.Arms.Select(arm => arm.Name).Where(name => name != curriculum.Name)];
        var paired = names.Select(name => Pair(plan, table, curriculum, plan.Arms.First(arm => arm.Name == name))).ToList();

        var compared = paired.Where(pair => pair.Differences is not null).ToList();
        var pValues = compared.ConvertAll(pair => pair.Differences!.PValue());
        var ranks = Holm.Ranks(pValues);
        var adjusted = Holm.Adjust(pValues);

        var decided = new Dictionary<string, Comparison>(StringComparer.Ordinal);
        var separatedSoFar = true;
        foreach (var index in Enumerable.Range(0, compared.Count).OrderBy(index => ranks[index]))
        {
            var confidence = 1 - (1 - evaluation.Confidence) / (compared.Count - ranks[index]);
            var interval = compared[index].Differences!.Interval(confidence);
            separatedSoFar &= interval.Low > Tolerance || interval.High < -Tolerance;
            var (decision, reasons) = Decide(evaluation, compared[index], interval, separatedSoFar, confidence);
            decided[compared[index].Other] = new()
            {
                Curriculum = curriculum.Name,
                Against = compared[index].Other,
                Seeds = compared[index].Seeds,
                Difference = compared[index].Differences!.Interval(evaluation.Confidence),
                Adjusted = interval,
                AdjustedConfidence = confidence,
                EffectSize = compared[index].EffectSize,
                PValue = pValues[index],
                AdjustedPValue = adjusted[index],
                Decision = decision,
                Reasons = reasons,
            };
        }

        return [.. paired.Select(pair => decided.GetValueOrDefault(pair.Other) ?? NotCompared(curriculum.Name, pair))];
    }

    private static Pairing Pair(RunPlan plan, ResultTable table, ArmPlan curriculum, ArmPlan other)
    {
        var evaluation = plan.Evaluation;
        var pairs = plan.Seeds
            .Select(seed => (Seed: seed, Left: table.Usable(curriculum, seed), Right: table.Usable(other, seed)))
            .Where(pair => pair is { Left: not null, Right: not null }).ToList();
        if (pairs.Count == 0)
            return new(other.Name, [], plan.Seeds, null, null);

        var benchmark = evaluation.Benchmarks[0].Name;
        double[][] differences = [.. pairs.Select(pair => Scores.Primary(pair.Left!.On(benchmark), evaluation.PrimaryMetric)
            .Zip(Scores.Primary(pair.Right!.On(benchmark), evaluation.PrimaryMetric), (left, right) => left - right).ToArray())];

        var random = CrossedBootstrap.Stream(plan, $"comparison/{curriculum.Name}/{other.Name}/{benchmark}");
        var seeds = pairs.ConvertAll(pair => pair.Seed);
        return new(
            other.Name, seeds, [.. plan.Seeds.Except(seeds)],
            CrossedBootstrap.Draw([differences], evaluation.BootstrapDraws, random.NextInt)[0],
            CohenH.Of(Mean(pairs.ConvertAll(pair => pair.Left!)), Mean(pairs.ConvertAll(pair => pair.Right!))));

        double Mean(List<ArmSeedResult> results) => results.Average(result => Scores.Primary(result.On(benchmark), evaluation.PrimaryMetric).Average());
    }

    private static (Decision Decision, IReadOnlyList<string> Reasons) Decide(
        EvaluationPlan evaluation, Pairing pair, Estimate interval, bool separated, double confidence)
    {
        var reasons = new List<string>();
        if (pair.MissingSeeds.Count > 0)
            reasons.Add($"Left out: {(pair.MissingSeeds.Count == 1 ? "seed" : "seeds")} {string.Join(", ", pair.MissingSeeds)}, where not both arms could be evaluated.");

        var interesting = evaluation.SmallestInterestingDifference;
        var range = $"the {Words.Confidence(confidence)} interval, {Words.PointsRange(interval)},";
        if (pair.Seeds.Count < MinimumSeeds)
        {
            reasons.Add($"Too few seeds: {pair.Seeds.Count}, and nothing is decided under {MinimumSeeds}.");
            if (pair.Seeds.Count == 1)
                reasons.Add("With one seed the interval is over problems only; it says nothing about training again.");
            return (Decision.Undecided, reasons);
        }

        if (separated && Math.Abs(interval.Value) >= interesting - Tolerance)
        {
            reasons.Add($"The difference is {Words.Points(interval.Value)}, at least the {Words.Size(interesting)} of interest, and {range} excludes zero.");
            return (interval.Value > 0 ? Decision.Wins : Decision.Loses, reasons);
        }

        if (interval.Low > -interesting && interval.High < interesting)
            reasons.Add($"Equivalent: {range} lies within {Words.Size(interesting)} either way.");
        else if (separated)
            reasons.Add($"The difference, {Words.Points(interval.Value)}, is smaller than the {Words.Size(interesting)} of interest.");
        else if (interval.Low > Tolerance || interval.High < -Tolerance)
            reasons.Add($"Though {range} excludes zero, a comparison with a smaller p-value was not separated from zero, and Holm's rule stops there.");
        else
            reasons.Add($"The difference is {Words.Points(interval.Value)}, and {range} includes zero.");
        return (Decision.Undecided, reasons);
    }

    private static Comparison NotCompared(string curriculum, Pairing pair) => new()
    {
        Curriculum = curriculum,
        Against = pair.Other,
        Seeds = [],
        Decision = Decision.Undecided,
        Reasons = ["There is no seed for which both arms could be evaluated."],
    };

    private sealed record Pairing(string Other, IReadOnlyList<int> Seeds, IReadOnlyList<int> MissingSeeds, BootstrapDistribution? Differences, double? EffectSize);
}
