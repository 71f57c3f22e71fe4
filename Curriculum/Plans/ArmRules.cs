using System.Globalization;

namespace Curriculum.Plans;

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
                plan.Arms.Take(i).All(earlier => earlier.Name != arm.Name), $"/arms/{i}/name", $"Expected arms of different names, found '{arm.Name}' again.");
            CheckShares(arm, i, findings);
            for (var j = 0; j < arm.Stages.Count; j++)
                CheckStage(arm.Stages[j], $"/arms/{i}/stages/{j}", findings);
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

    private static void CheckStage(StagePlan stage, string at, PlanFindings findings)
    {
        var method = $"{at}/method";
        findings.Require(
            (stage.Loss.ClipLow is null) == (stage.Loss.ClipHigh is null), $"{at}/loss",
            "Expected clipLow and clipHigh both as numbers or both as null (clipping off), found one of each.", $"{at}/loss/clipLow", $"{at}/loss/clipHigh");

        if (stage.Method == Method.Sft)
        {
            return;
        }

        findings.Require(
            stage.UpdatesPerItem == 1, $"{at}/updatesPerItem",
            $"Expected 1: only SFT may put several batches into one update, the other methods are on-policy; found {stage.UpdatesPerItem}.", method);
        findings.Require(
            stage.GroupSize >= 2, $"{at}/groupSize", "Expected a group size of at least 2: one trajectory alone has no advantage; found 1.", method);
        findings.Require(
            stage.RolloutItems <= stage.ProblemsPerIteration, $"{at}/rolloutItems",
            $"Expected at most problemsPerIteration ({stage.ProblemsPerIteration}), found {stage.RolloutItems}.", method, $"{at}/problemsPerIteration");
        CheckReward(stage, at, findings);
        CheckTarget(stage, at, findings);
    }

    private static void CheckReward(StagePlan stage, string at, PlanFindings findings)
    {
        var fits = stage.Method == Method.Srl ? stage.Reward.Kind != RewardKind.GroundTruth : stage.Reward.Kind != RewardKind.StepSimilarity;
        findings.Require(
            fits, $"{at}/reward/kind",
            stage.Method == Method.Srl
                ? "Expected by-method, step-similarity or random in an SRL stage, which writes one step and no answer; found ground-truth."
                : "Expected by-method, ground-truth or random in an RLVR stage, which has no expert step to compare with; found step-similarity.",
            $"{at}/method");
    }

    private static void CheckTarget(StagePlan stage, string at, PlanFindings findings)
    {
        // In SRL a problem gives as many groups as it has steps, which is not known here.
        var most = (long)stage.ProblemsPerIteration * (stage.Admission.RefillRounds + 1);
        findings.Require(
            stage.Method == Method.Srl || stage.Admission.TargetGroups <= most, $"{at}/admission/targetGroups",
            $"Expected at most {most}, all the groups that {stage.ProblemsPerIteration} problems and {stage.Admission.RefillRounds} refills can give; found {stage.Admission.TargetGroups}.",
            $"{at}/method", $"{at}/problemsPerIteration", $"{at}/admission/refillRounds");
    }
}
