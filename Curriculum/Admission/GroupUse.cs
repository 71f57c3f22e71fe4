using Curriculum.Advantages;
using Curriculum.Plans;
using Curriculum.Work;

namespace Curriculum.Admission;

/// <summary>Whether a group has something to learn from, by the way in which a stage learns.</summary>
public static class GroupUse
{
    /// <summary>A group advantage needs a spread of rewards; a value or a raw reward has its own baseline and takes any group; expert iteration needs a success.</summary>
    public static bool IsUseful(TrajectoryGroup group, StagePlan stage) => stage.Method == Method.ExpertIteration
        ? group.Trajectories.Any(trajectory => trajectory.Reward >= stage.Reward.Success)
        : stage.Advantage.Estimator == AdvantageEstimator.Gae
            || (group.Trajectories.Count == 1 && stage.Advantage.GroupOfOne == LoneAdvantage.Raw)
            || GroupAdvantages.PopulationStd([.. group.Trajectories.Select(t => t.Reward)]) > stage.Admission.MinimumStd;

    /// <summary>What a group has to have, in words.</summary>
    public static string Words(StagePlan stage) => stage.Method == Method.ExpertIteration
        ? FormattableString.Invariant($"a reward of {stage.Reward.Success} (reward.success) or more")
        : FormattableString.Invariant($"a reward spread above {stage.Admission.MinimumStd} (admission.minimumStd)");
}
