using Curriculum.Plans;

namespace Orchestrations.Workflows.Activities;

/// <summary>Whether and how often the base votes on labels.</summary>
internal static class BaseVotes
{
    /// <summary>Problems in one item: enough rows to fill a pass, few enough to stay in the processor's cache.</summary>
    public const int ProblemsPerItem = 16;

    /// <summary>The most votes that any stage asks for; 0 for none. A stage that asks for fewer counts the first ones.</summary>
    public static int Wanted(RunPlan plan) =>
        plan.Arms.SelectMany(arm => arm.Stages).OfType<SampledStagePlan>().Where(stage => NeedsLabels(stage.Reward)).Select(stage => stage.Reward.Votes).DefaultIfEmpty().Max();

    public static bool NeedsLabels(RewardPlan reward) => IsByVote(reward.Kind) || (reward.And is { } second && IsByVote(second));

    /// <summary>Whether the stage trains on the problems alone whose label is wrong.</summary>
    public static bool WantsWrongLabels(RewardPlan reward) => reward.Kind == RewardKind.Incorrect || reward.And == RewardKind.Incorrect;

    /// <summary>What waiting for the votes is called in the status.</summary>
    public static StageKey Stage(string run) => new(run, "majority-vote", 0, 0, 0);

    private static bool IsByVote(RewardKind kind) => kind is RewardKind.MajorityVote or RewardKind.Incorrect;
}
