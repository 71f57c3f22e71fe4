using Curriculum.Problems;

namespace Curriculum.Plans;

/// <summary>The rules on a stage's method: what goes with it, and what its reward can judge.</summary>
internal static class MethodRules
{
    public static void Check(StagePlan stage, string family, string at, PlanFindings findings)
    {
        CheckMethod(stage, at, findings);
        CheckPrompts(stage, family, at, findings);
        if (stage.Method == Method.Sft)
            return;
        if (stage.Method is Method.Srl or Method.Rlvr)
            CheckGroups(stage, at, findings);
        CheckReward(stage.Reward.Kind, stage, family, $"{at}/reward/kind", at, findings);
        if (stage.Reward.And is { } second)
            CheckReward(second, stage, family, $"{at}/reward/and", at, findings);
    }

    private static void CheckMethod(StagePlan stage, string at, PlanFindings findings)
    {
        var gradient = stage.Method is Method.Srl or Method.Rlvr;
        findings.Require(
            gradient || stage.Algorithm is null, $"{at}/algorithm",
            "Expected none: algorithms belong to the policy gradient of SRL and RLVR, and this method trains by likelihood.", $"{at}/method");
        findings.Require(
            gradient || stage.Advantage.Estimator == AdvantageEstimator.Group, $"{at}/advantage/estimator",
            "Expected group: values are trained in SRL and RLVR stages only; found gae.", $"{at}/method");
        findings.Require(
            gradient || stage.Loss.KlWeight == 0, $"{at}/loss/klWeight",
            "Expected 0: the divergence belongs to the policy gradient of SRL and RLVR, and this method trains by likelihood.", $"{at}/method");
    }

    private static void CheckPrompts(StagePlan stage, string family, string at, PlanFindings findings)
    {
        var srlOnSteps = stage.Method == Method.Srl && stage.TargetOf() == CompletionTarget.Step;
        findings.Require(
            stage.Method != Method.Rlvr || stage.TargetOf() == CompletionTarget.Solution, $"{at}/target",
            "Expected by-method or solution: RLVR rewards the answer, which only a whole solution has; found step.", $"{at}/method");
        findings.Require(
            stage.Monologue is null || srlOnSteps, $"{at}/monologue",
            "Expected none: a monologue precedes the steps of SRL.", $"{at}/method", $"{at}/target");
        findings.Require(
            !stage.Titles || srlOnSteps, $"{at}/titles", "Expected false: titles precede the steps of SRL.", $"{at}/method", $"{at}/target");
        findings.Require(
            !stage.Titles || !ProblemFamilies.Exists(family) || ProblemFamilies.Get(family).HasTitles, $"{at}/titles",
            $"Expected false: the steps of {family} have no titles.", "/training/family");
    }

    private static void CheckGroups(StagePlan stage, string at, PlanFindings findings)
    {
        var advantage = stage.Advantage;
        findings.Require(
            stage.GroupSize >= 2 || advantage.Estimator == AdvantageEstimator.Gae || advantage.GroupOfOne == LoneAdvantage.Raw, $"{at}/groupSize",
            "Expected a group size of at least 2, or advantage.estimator gae, or advantage.groupOfOne raw: a single trajectory has no group advantage; found 1.",
            $"{at}/method", $"{at}/advantage/estimator", $"{at}/advantage/groupOfOne");
    }

    private static void CheckReward(RewardKind kind, StagePlan stage, string family, string pointer, string at, PlanFindings findings)
    {
        if (kind == RewardKind.ByMethod)
        {
            findings.Require(pointer.EndsWith("/kind", StringComparison.Ordinal), pointer, "Expected the name of a reward, found by-method.");
            return;
        }

        // Nobody but SRL is shown the expert's solution, and a step has no answer.
        var similar = stage.Method == Method.Srl || stage.TargetOf() == CompletionTarget.Step;
        var fits = kind is RewardKind.Random or RewardKind.Format || similar == (kind == RewardKind.StepSimilarity);
        findings.Require(
            fits, pointer,
            similar
                ? "Expected by-method, step-similarity, format or random, as completions are compared with expert solutions; found a reward for answers."
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
