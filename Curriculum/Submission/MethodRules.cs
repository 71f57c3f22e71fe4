using Curriculum.Plans;
using Curriculum.Problems;

namespace Curriculum.Submission;

/// <summary>The rules on a stage's method: what goes with it, and what its reward can judge.</summary>
internal static class MethodRules
{
    public static void Check(SampledStagePlan stage, string family, string at, PlanFindings findings)
    {
        if (stage is SrlPlan srl)
            CheckPrompts(srl, family, at, findings);
        if (stage is PolicyGradientPlan gradient)
            CheckGroups(gradient, at, findings);
        CheckUnused(stage, at, findings);
        CheckReward(stage.Reward.Kind, stage, family, $"{at}/reward/kind", at, findings);
        if (stage.Reward.And is { } second)
            CheckReward(second, stage, family, $"{at}/reward/and", at, findings);
    }

    /// <summary>What would be ignored is refused.</summary>
    private static void CheckUnused(SampledStagePlan stage, string at, PlanFindings findings)
    {
        var gradient = stage is PolicyGradientPlan;
        findings.Require(
            gradient || stage.Admission.LoneSuccess.Action != LoneSuccessAction.Cap, $"{at}/admission/loneSuccess/action",
            "Expected admit or check: advantages, which cap scales down, belong to the policy gradient of SRL and RLVR; found cap.", $"{at}/method");
        findings.Require(
            gradient || stage.Reward.OverlongBuffer is null, $"{at}/reward/overlongBuffer",
            "Expected none: the length penalty is part of the advantages of SRL and RLVR.", $"{at}/method");
        findings.Require(
            stage is not SuccessPlan || stage.Admission.MinimumStd == new AdmissionPlan().MinimumStd, $"{at}/admission/minimumStd",
            "Expected none: a group is admitted here for a success, whatever the spread of its rewards.", $"{at}/method");
    }

    private static void CheckPrompts(SrlPlan stage, string family, string at, PlanFindings findings)
    {
        var steps = stage.Target == CompletionTarget.Step;
        findings.Require(
            steps || stage.Monologue is null, $"{at}/monologue", "Expected none where the target is a whole solution: a monologue precedes a step.", $"{at}/target");
        findings.Require(
            steps || !stage.Titles, $"{at}/titles", "Expected false where the target is a whole solution: titles precede steps.", $"{at}/target");
        findings.Require(
            !stage.Titles || !ProblemFamilies.Exists(family) || ProblemFamilies.Get(family).HasTitles, $"{at}/titles",
            $"Expected false: the steps of {family} have no titles.", "/training/family");
    }

    private static void CheckGroups(PolicyGradientPlan stage, string at, PlanFindings findings)
    {
        var advantage = stage.Advantage;
        findings.Require(
            stage.GroupSize >= 2 || advantage.Estimator == AdvantageEstimator.Gae || advantage.GroupOfOne == LoneAdvantage.Raw, $"{at}/groupSize",
            "Expected a group size of at least 2, or advantage.estimator gae, or advantage.groupOfOne raw: a single trajectory has no group advantage; found 1.",
            $"{at}/method", $"{at}/advantage/estimator", $"{at}/advantage/groupOfOne");
    }

    private static void CheckReward(RewardKind kind, SampledStagePlan stage, string family, string pointer, string at, PlanFindings findings)
    {
        if (kind == RewardKind.ByMethod)
        {
            findings.Require(pointer.EndsWith("/kind", StringComparison.Ordinal), pointer, "Expected the name of a reward, found by-method.");
            return;
        }

        // Nobody but SRL is shown the expert's solution, and a step has no answer.
        var fits = kind is RewardKind.Random or RewardKind.Format || stage.IsCompared == (kind == RewardKind.StepSimilarity);
        findings.Require(
            fits, pointer,
            stage.IsCompared
                ? "Expected by-method, step-similarity, format or random as completions are compared with expert solutions; found a reward for answers."
                : "Expected a reward for answers, by-method, format or random: there is no expert step to compare with; found step-similarity.",
            $"{at}/method", $"{at}/target");

        if (!ProblemFamilies.Exists(family))
            return;
        findings.Require(
            kind != RewardKind.Continuous || ProblemFamilies.Get(family).Answers == AnswerForm.Number, pointer,
            $"Expected a reward that needs no distance: the answers of {family} are not numbers; found continuous.", "/training/family");
        findings.Require(
            kind is not (RewardKind.MajorityVote or RewardKind.Incorrect) || ProblemFamilies.Get(family).Answers != AnswerForm.Unreadable, pointer,
            $"Expected a reward that needs no vote: the answers of {family} cannot be extracted from a completion.", "/training/family");
    }
}
