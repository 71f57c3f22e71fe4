namespace Curriculum.Plans;

/// <summary>What the completions of a stage are, from the plan and the method.</summary>
public static class StageTargets
{
    /// <summary>Step or solution: as in the plan, else step in SRL and solution elsewhere.</summary>
    public static CompletionTarget TargetOf(this StagePlan stage) => stage.Target != CompletionTarget.ByMethod
        ? stage.Target
        : stage.Method == Method.Srl ? CompletionTarget.Step : CompletionTarget.Solution;

    /// <summary>The reward in effect: as in the plan, else step similarity in SRL and for single steps, and ground truth elsewhere.</summary>
    public static RewardKind RewardKindOf(this StagePlan stage) => stage.Reward.Kind != RewardKind.ByMethod
        ? stage.Reward.Kind
        : stage.Method == Method.Srl || stage.TargetOf() == CompletionTarget.Step ? RewardKind.StepSimilarity : RewardKind.GroundTruth;

    /// <summary>Whether the stage draws from the problems that come with an expert's solution.</summary>
    public static bool NeedsDemonstrations(this StagePlan stage) =>
        stage.Method is Method.Sft or Method.Srl || stage.TargetOf() == CompletionTarget.Step;
}
