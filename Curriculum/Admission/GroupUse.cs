using Curriculum.Advantages;
using Curriculum.Plans;
using Curriculum.Statistics;
using Curriculum.Work;

namespace Curriculum.Admission;

/// <summary>Whether a group has something to learn from, by the way in which a stage learns.</summary>
public static class GroupUse
{
    /// <summary>A group advantage needs a spread of rewards; a value or a raw reward has its own baseline and takes any group; methods that take successes need one.</summary>
    public static bool IsUseful(TrajectoryGroup group, StagePlan stage) => NeedsSuccess(stage)
        ? group.Trajectories.Any(trajectory => IsSuccess(trajectory, stage))
        : stage.Advantage.Estimator == AdvantageEstimator.Gae
            || (group.Trajectories.Count == 1 && stage.Advantage.GroupOfOne == LoneAdvantage.Raw)
            || Rounding.Above(GroupAdvantages.PopulationStd([.. group.Trajectories.Select(t => t.Reward)]), stage.Admission.MinimumStd);

    /// <summary>Whether a completion is one that methods which take successes alone learn from.</summary>
    public static bool IsSuccess(Trajectory trajectory, StagePlan stage) => Rounding.Reaches(trajectory.Reward, stage.Reward.Success);

    /// <summary>What a group has to have, in words.</summary>
    public static string Words(StagePlan stage) => NeedsSuccess(stage)
        ? FormattableString.Invariant($"a reward of {stage.Reward.Success} (reward.success) or more")
        : FormattableString.Invariant($"a reward spread above {stage.Admission.MinimumStd} (admission.minimumStd)");

    private static bool NeedsSuccess(StagePlan stage) => stage.Method is Method.ExpertIteration or Method.ReturnConditioned;
}
