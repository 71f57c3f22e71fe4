using System.Globalization;
using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Statistics;

namespace Curriculum.Submission;

/// <summary>The rules on settings under which a stage can only starve, a threshold can never be reached, or a key can have no effect.</summary>
/// <remarks>Each is held against the best that could be: a plan is refused only where no policy at all could meet it.</remarks>
internal static class StarvationRules
{
    public static void Check(RunPlan plan, PlanFindings findings)
    {
        for (var i = 0; i < plan.Arms.Count; i++)
        {
            for (var j = 0; j < plan.Arms[i].Stages.Count; j++)
            {
                var (stage, at) = (plan.Arms[i].Stages[j], $"/arms/{i}/stages/{j}");
                CheckAllowance(plan.Budget, plan.Arms[i], stage, i, at, findings);
                CheckGate(stage.Gate, at, findings);
                if (stage.Profile is { } profile)
                    CheckBands(profile, at, findings);
                if (stage is not SampledStagePlan sampled)
                    continue;
                if (sampled is PolicyGradientPlan gradient)
                    CheckSpread(gradient, at, findings);
                if (sampled is SuccessPlan success)
                    CheckSuccess(success, at, findings);
                CheckTarget(plan, sampled, at, findings);
                CheckLength(plan, sampled, at, findings);
            }
        }

        findings.Require(
            plan.Base.Pretrain is null || plan.Evaluation.MaxNewTokens >= TwoDials.AnswerLength, "/evaluation/maxNewTokens",
            $"Expected at least {TwoDials.AnswerLength}: an answer of {TwoDials.FamilyName} has that many characters, and a pretrained base has one character per token; found {plan.Evaluation.MaxNewTokens}, with which every answer would be wrong.",
            "/base/pretrain", "/base");
        findings.Require(
            plan.Evaluation.Audit is not { ClearedBelow: 0 }, "/evaluation/audit/clearedBelow", "Expected above 0, or no benchmark could be cleared; found 0.", "/evaluation/audit");
    }

    private static void CheckAllowance(BudgetPlan budget, ArmPlan arm, StagePlan stage, int i, string at, PlanFindings findings)
    {
        var allowed = Math.Round(budget.Of(arm).Amount * stage.Share);
        findings.Require(
            allowed >= 1, $"{at}/share",
            string.Create(CultureInfo.InvariantCulture,
                $"Expected a share that gives at least 1 of the budget's units, found {stage.Share} of {budget.Of(arm).Amount}: the stage could not make a single update."),
            "/budget/amount", "/budget", $"/arms/{i}/share");
    }

    private static void CheckGate(GatePlan gate, string at, PlanFindings findings) => findings.Require(
        gate.Repeats == 0 || gate is not { MinimumAccuracy: null, MinimumUsefulGroups: null, MinimumFormatRate: null, MinimumPassAtK: null }, $"{at}/gate/repeats",
        $"Expected 0, or a threshold: without one the gate is always open and never repeats the stage; found {gate.Repeats}.", $"{at}/gate");

    private static void CheckBands(ProfilePlan profile, string at, PlanFindings findings)
    {
        if (profile.Low > profile.AimLow || profile.AimLow > profile.AimHigh || profile.AimHigh > profile.High)
            return;
        string[] lookedAt = [$"{at}/profile/rollouts", $"{at}/profile/low", $"{at}/profile/high", $"{at}/profile/aimLow", $"{at}/profile/aimHigh"];
        bool Hits(double low, double high) => Enumerable.Range(1, profile.Rollouts).Any(right =>
            Rounding.Reaches((double)right / profile.Rollouts, low) && Rounding.Reaches(high, (double)right / profile.Rollouts));
        var band = Hits(profile.Low, profile.High);
        findings.Require(
            band, $"{at}/profile/low",
            FormattableString.Invariant($"Expected a band that contains a share of {profile.Rollouts} rollouts, found {profile.Low} to {profile.High}: every problem would be deferred."), lookedAt);
        findings.Require(
            !band || Hits(profile.AimLow, profile.AimHigh), $"{at}/profile/aimLow",
            FormattableString.Invariant($"Expected an aim that contains a share of {profile.Rollouts} rollouts, found {profile.AimLow} to {profile.AimHigh}: no problem would come first."), lookedAt);
    }

    private static void CheckSpread(PolicyGradientPlan stage, string at, PlanFindings findings)
    {
        if (stage.Advantage.Estimator == AdvantageEstimator.Gae || stage.GroupSize == 1)
            return;
        var range = RewardRange.Of(stage);
        string[] lookedAt = [.. Reward(at), $"{at}/groupSize", $"{at}/advantage/estimator", $"{at}/admission/minimumStd"];
        findings.Require(
            !range.IsConstant, $"{at}/reward/gamma",
            FormattableString.Invariant($"Expected rewards that can differ, since groups of equal ones are not admitted; with gamma {stage.Reward.Gamma} every reward is {range.Least}."), lookedAt);
        var widest = range.WidestStd(stage.GroupSize);
        findings.Require(
            range.IsConstant || Rounding.Below(stage.Admission.MinimumStd, widest), $"{at}/admission/minimumStd",
            FormattableString.Invariant($"Expected less than {widest:0.####}, the largest std that {stage.GroupSize} rewards from {range.Least} to {range.Most} can have; found {stage.Admission.MinimumStd}: no group could be admitted."),
            lookedAt);
    }

    private static void CheckSuccess(SuccessPlan stage, string at, PlanFindings findings)
    {
        var range = RewardRange.Of(stage);
        findings.Require(
            Rounding.Reaches(range.Most, stage.Success), $"{at}/success",
            FormattableString.Invariant($"Expected at most {range.Most}, the highest reward; found {stage.Success}, which no completion could earn."), Reward(at));
        findings.Require(
            !Rounding.Reaches(range.Least, stage.Success), $"{at}/success",
            FormattableString.Invariant($"Expected above {range.Least}, the least reward; found {stage.Success}, which every completion earns."), Reward(at));
    }

    private static void CheckTarget(RunPlan plan, SampledStagePlan stage, string at, PlanFindings findings)
    {
        var pool = stage.NeedsDemonstrations ? plan.Training.Demonstrations ?? plan.Training.Count : plan.Training.Count;
        // Step by step a problem gives a group for each of its steps, which only two dials says in advance.
        var each = stage.Completion != CompletionTarget.Step ? 1
            : plan.Training is { Family: TwoDials.FamilyName, Difficulty.Count: > 0 } ? plan.Training.Difficulty.Max()
            : double.PositiveInfinity;
        var most = Math.Min(stage.ProblemsPerIteration, pool) * each * (stage.Admission.RefillRounds + 1);
        findings.Require(
            pool == 0 || stage.Admission.TargetGroups <= most, $"{at}/admission/targetGroups",
            FormattableString.Invariant($"Expected at most {most}, the most groups from {Math.Min(stage.ProblemsPerIteration, pool)} different problems and {stage.Admission.RefillRounds} refills; found {stage.Admission.TargetGroups}."),
            $"{at}/method", $"{at}/target", $"{at}/problemsPerIteration", $"{at}/admission/refillRounds", "/training/count", "/training/demonstrations", "/training/family",
            "/training/difficulty", "/training");
    }

    private static void CheckLength(RunPlan plan, SampledStagePlan stage, string at, PlanFindings findings)
    {
        if (plan.Base.Pretrain is null || stage.RewardKind == RewardKind.Random)
            return;
        // A step is well formed with one character and its end.
        var least = stage.Completion == CompletionTarget.Step || stage.RewardKind == RewardKind.StepSimilarity ? 2 : TwoDials.AnswerLength;
        findings.Require(
            stage.MaxNewTokens >= least, $"{at}/maxNewTokens",
            $"Expected at least {least}, the length of the shortest well-formed completion, since a pretrained base has one character per token; found {stage.MaxNewTokens}, with which none is well formed.",
            "/base/pretrain", "/base", $"{at}/method", $"{at}/target", $"{at}/reward/kind");
    }

    private static string[] Reward(string at) => [$"{at}/method", $"{at}/target", $"{at}/reward", $"{at}/reward/kind", $"{at}/reward/and", $"{at}/reward/gamma", $"{at}/reward/inverse"];
}
