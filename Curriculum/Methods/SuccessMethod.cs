using Curriculum.Plans;
using Curriculum.Statistics;
using Curriculum.Work;

namespace Curriculum.Methods;

/// <summary>A method that learns from completions as wholes, successes or not.</summary>
public abstract class SuccessMethod(SuccessPlan plan) : SampledMethod(plan)
{
    public override string Useful => FormattableString.Invariant($"a reward of {plan.Success} (success) or more");

    public override bool IsUseful(TrajectoryGroup group) => group.Trajectories.Any(IsSuccess);

    /// <summary>Whether a completion is one to learn from.</summary>
    protected bool IsSuccess(Trajectory trajectory) => Rounding.Reaches(trajectory.Reward, plan.Success);
}
