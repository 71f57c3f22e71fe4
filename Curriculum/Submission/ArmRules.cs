using System.Globalization;
using Curriculum.Plans;

namespace Curriculum.Submission;

/// <summary>The rules on arms and their stages.</summary>
internal static class ArmRules
{
    private const double ShareTolerance = 1e-9;

    public static void Check(RunPlan plan, PlanFindings findings)
    {
        for (var i = 0; i < plan.Arms.Count; i++)
        {
            var arm = plan.Arms[i];
            findings.Require(
                plan.Arms.Take(i).All(earlier => earlier.Name != arm.Name), $"/arms/{i}/name", $"Expected arms with different names, found '{arm.Name}' twice.");
            CheckShares(arm, i, findings);
            for (var j = 0; j < arm.Stages.Count; j++)
            {
                CheckStage(arm.Stages[j], plan.Training.Family, $"/arms/{i}/stages/{j}", findings);
                findings.Require(
                    arm.Adapter is null || arm.Stages[j].Optimizer.Matrices != OptimizerKind.Muon, $"/arms/{i}/stages/{j}/optimizer/matrices",
                    "Expected adamw in an arm with an adapter: Muon orthogonalises whole matrices, not low-rank factors.", $"/arms/{i}/adapter");
            }

            findings.Require(
                arm.Adapter is null || arm.Stages.Count > 0, $"/arms/{i}/adapter", "Expected an adapter only in an arm with stages: nothing trains it here.", $"/arms/{i}/stages");
        }
    }

    private static void CheckShares(ArmPlan arm, int index, PlanFindings findings)
    {
        var sum = arm.Stages.Sum(stage => stage.Share);
        findings.Require(
            arm.Stages.Count == 0 || Math.Abs(sum - 1) <= ShareTolerance, $"/arms/{index}/stages",
            string.Create(CultureInfo.InvariantCulture, $"Expected the stages' shares of the budget to sum to 1, found {sum:0.#########}."),
            [.. arm.Stages.Select((_, j) => $"/arms/{index}/stages/{j}/share")]);
    }

    private static void CheckStage(StagePlan stage, string family, string at, PlanFindings findings)
    {
        if (stage is not SampledStagePlan sampled)
            return;
        MethodRules.Check(sampled, family, at, findings);
        findings.Require(
            sampled.RolloutItems <= sampled.ProblemsPerIteration, $"{at}/rolloutItems",
            $"Expected at most problemsPerIteration ({sampled.ProblemsPerIteration}), found {sampled.RolloutItems}.", $"{at}/method", $"{at}/problemsPerIteration");
    }
}
