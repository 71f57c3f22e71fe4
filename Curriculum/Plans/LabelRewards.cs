namespace Curriculum.Plans;

/// <summary>Which rewards ask for labels that the base votes on.</summary>
public static class LabelRewards
{
    public static bool NeedsLabels(this RewardPlan reward) => IsByVote(reward.Kind) || (reward.And is { } second && IsByVote(second));

    /// <summary>Whether the stage trains on the problems alone whose label is wrong.</summary>
    public static bool WantsWrongLabels(this RewardPlan reward) => reward.Kind == RewardKind.Incorrect || reward.And == RewardKind.Incorrect;

    /// <summary>The most votes that any stage asks for; 0 for none. A stage that asks for fewer counts the first ones.</summary>
    public static int Votes(this RunPlan plan) =>
        plan.Arms.SelectMany(arm => arm.Stages).OfType<SampledStagePlan>().Where(stage => stage.Reward.NeedsLabels()).Select(stage => stage.Reward.Votes).DefaultIfEmpty().Max();

    private static bool IsByVote(RewardKind kind) => kind is RewardKind.MajorityVote or RewardKind.Incorrect;
}
