using Curriculum.Advantages;
using Curriculum.Plans;
using Curriculum.Statistics;
using Curriculum.Work;

namespace Curriculum.Admission;

/// <summary>Whether a group has something to learn from, by the way in which a stage learns.</summary>
public static class GroupUse
{
    /// <summary>A group advantage needs a spread of rewards; a value or a raw reward has its own baseline and takes any group; methods that take successes need one.</summary>
    public static bool IsUseful(TrajectoryGroup group, SampledStagePlan stage) => stage switch
    {
        SuccessPlan success => group.Trajectories.Any(trajectory => IsSuccess(trajectory, success)),
        PolicyGradientPlan gradient => HasAdvantage(group, gradient),
        _ => throw new ArgumentException($"Expected a way of learning that is known here, found {stage.Method}.", nameof(stage)),
    };

    /// <summary>Whether a completion is one that methods which take successes alone learn from.</summary>
    public static bool IsSuccess(Trajectory trajectory, SuccessPlan stage) => Rounding.Reaches(trajectory.Reward, stage.Reward.Success);

    /// <summary>What a group has to have, in words.</summary>
    public static string Words(SampledStagePlan stage) => stage is SuccessPlan
        ? FormattableString.Invariant($"a reward of {stage.Reward.Success} (reward.success) or more")
        : FormattableString.Invariant($"a reward spread above {stage.Admission.MinimumStd} (admission.minimumStd)");

    private static bool HasAdvantage(TrajectoryGroup group, PolicyGradientPlan stage) =>
        stage.Advantage.Estimator == AdvantageEstimator.Gae
        || (group.Trajectories.Count == 1 && stage.Advantage.GroupOfOne == LoneAdvantage.Raw)
        || Rounding.Above(GroupAdvantages.PopulationStd([.. group.Trajectories.Select(t => t.Reward)]), stage.Admission.MinimumStd);
}
