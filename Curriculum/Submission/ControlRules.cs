using Curriculum.Plans;

namespace Curriculum.Submission;

/// <summary>The rules on the control of a stage: profile, quarantine, guards and gate.</summary>
internal static class ControlRules
{
    public static void Check(RunPlan plan, PlanFindings findings)
    {
        for (var i = 0; i < plan.Arms.Count; i++)
        {
            for (var j = 0; j < plan.Arms[i].Stages.Count; j++)
            {
                var (stage, at) = (plan.Arms[i].Stages[j], $"/arms/{i}/stages/{j}");
                CheckProfile(stage.Profile, $"{at}/profile", findings);
                CheckGuards(stage.Guards, $"{at}/guards", findings);
                CheckGate(plan, stage, at, findings);
            }
        }
    }

    private static void CheckProfile(ProfilePlan? profile, string at, PlanFindings findings)
    {
        if (profile is null)
            return;
        findings.Require(
            profile.Low <= profile.High, $"{at}/high", FormattableString.Invariant($"Expected at least low ({profile.Low}), found {profile.High}."), $"{at}/low");
        findings.Require(
            profile.AimLow >= profile.Low && profile.AimLow <= profile.AimHigh, $"{at}/aimLow",
            FormattableString.Invariant($"Expected a share from low ({profile.Low}) to aimHigh ({profile.AimHigh}), found {profile.AimLow}."), $"{at}/low", $"{at}/aimHigh");
        findings.Require(
            profile.AimHigh <= profile.High, $"{at}/aimHigh",
            FormattableString.Invariant($"Expected at most high ({profile.High}), found {profile.AimHigh}."), $"{at}/high");
    }

    private static void CheckGuards(GuardsPlan guards, string at, PlanFindings findings) => findings.Require(
        guards.NonFinite.Action is GuardAction.Stop or GuardAction.RollBack, $"{at}/nonFinite/action",
        $"Expected stop or roll-back, as a non-finite loss leaves no state to continue from; found {(guards.NonFinite.Action == GuardAction.Off ? "off" : "warn")}.");

    private static void CheckGate(RunPlan plan, StagePlan stage, string at, PlanFindings findings)
    {
        if (stage is not SampledStagePlan)
        {
            findings.Require(
                stage.Gate.MinimumUsefulGroups is null, $"{at}/gate/minimumUsefulGroups", "Expected none in a stage that samples no groups.", $"{at}/method");
            findings.Require(
                stage.Gate.MinimumFormatRate is null, $"{at}/gate/minimumFormatRate", "Expected none in a stage that samples nothing while it trains.", $"{at}/method");
        }

        findings.Require(
            stage.Gate.MinimumPassAtK is null || stage.Gate.PassK <= plan.Evaluation.Samples, $"{at}/gate/passK",
            $"Expected at most evaluation.samples ({plan.Evaluation.Samples}), as pass@k is computed from the samples of a validation; found {stage.Gate.PassK}.",
            "/evaluation/samples", $"{at}/gate/minimumPassAtK");
    }
}
