using System.Globalization;
using Curriculum.Evaluation;
using Curriculum.Plans;

namespace Curriculum.Submission;

/// <summary>The rules on what is measured: days, the audit's bounds, the interaction's arms.</summary>
internal static class MeasureRules
{
    public static void Check(RunPlan plan, PlanFindings findings)
    {
        CheckDay(plan.Base.Cutoff, "/base/cutoff", findings);
        for (var i = 0; i < plan.Evaluation.Benchmarks.Count; i++)
        {
            var benchmark = plan.Evaluation.Benchmarks[i];
            var at = $"/evaluation/benchmarks/{i}";
            CheckDay(benchmark.Released, $"{at}/released", findings);
            findings.Require(
                benchmark.Released is null || benchmark.Dataset is not null, $"{at}/released",
                $"Expected none: {benchmark.Name} is generated from seed {benchmark.Seed} and has no release date; found {benchmark.Released}.", $"{at}/dataset", $"{at}/family");
            if (benchmark.Dataset is not null && plan.Evaluation.Benchmarks.Take(i).FirstOrDefault(other => other.Dataset == benchmark.Dataset && other.Released != benchmark.Released) is { } other)
            {
                findings.Require(
                    false, $"{at}/released",
                    $"Expected one release date for a data set: {other.Name} states {other.Released ?? "none"} for {benchmark.Dataset}, {benchmark.Name} {benchmark.Released ?? "none"}.",
                    $"{at}/dataset");
            }
        }

        if (plan.Evaluation.Audit is { } audit)
            CheckAudit(audit, findings);
        if (plan.Evaluation.Interaction is { } interaction)
            CheckInteraction(plan, interaction, findings);
    }

    private static void CheckDay(string? day, string at, PlanFindings findings) => findings.Require(
        day is null || DateOnly.TryParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _), at,
        $"Expected a date as yyyy-MM-dd, found '{day}'.");

    private static void CheckAudit(AuditPlan audit, PlanFindings findings)
    {
        findings.Require(
            audit.Cuts.Contains(audit.DecidingCut), "/evaluation/audit/decidingCut",
            string.Create(CultureInfo.InvariantCulture,
                $"Expected one of the cuts, {string.Join(", ", audit.Cuts.Select(cut => cut.ToString(CultureInfo.InvariantCulture)))}; found {audit.DecidingCut}."),
            "/evaluation/audit/cuts");
        findings.Require(
            audit.ClearedBelow <= audit.RecitedAbove, "/evaluation/audit/clearedBelow",
            string.Create(CultureInfo.InvariantCulture, $"Expected at most recitedAbove ({audit.RecitedAbove}), found {audit.ClearedBelow}."), "/evaluation/audit/recitedAbove");
    }

    private static void CheckInteraction(RunPlan plan, InteractionPlan interaction, PlanFindings findings)
    {
        const string At = "/evaluation/interaction";
        (string Key, string Name)[] named = [("base", interaction.Base), ("imitation", interaction.Imitation), ("outcome", interaction.Outcome), ("both", interaction.Both)];
        var arms = string.Join(", ", plan.Arms.Select(arm => arm.Name));
        foreach (var (key, name) in named)
            findings.Require(plan.Arms.Any(arm => arm.Name == name), $"{At}/{key}", $"Expected the name of an arm, one of {arms}; found '{name}'.", "/arms");

        if (named.All(pair => plan.Arms.Any(arm => arm.Name == pair.Name)) && InteractionArms.Misfit(plan, interaction) is { } misfit)
            findings.Require(false, At, misfit, "/arms", "/budget");
    }
}
