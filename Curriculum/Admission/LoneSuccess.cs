using Curriculum.Plans;
using Curriculum.Statistics;
using Curriculum.Work;

namespace Curriculum.Admission;

/// <summary>A group in which one trajectory stands above all others, and those are alike: what becomes of it.</summary>
/// <remarks>Its advantage is sqrt(G - 1) under the population std, the largest there is, and one lucky guess is enough for it (arXiv 2605.28388).</remarks>
public static class LoneSuccess
{
    public static bool Is(IReadOnlyList<double> rewards) =>
        rewards.Count > 1 && rewards.Max() is var best && rewards.Min() is var least && Rounding.Above(best, least)
        && rewards.Count(r => Rounding.Same(r, best)) == 1 && rewards.Count(r => Rounding.Same(r, least)) == rewards.Count - 1;

    public static bool Is(TrajectoryGroup group) => Is([.. group.Trajectories.Select(trajectory => trajectory.Reward)]);

    /// <summary>The advantages, scaled down as a whole where the plan caps a lone success's: they still sum to zero, so that the cap does not turn into a push against the others.</summary>
    public static double[] Cap(IReadOnlyList<double> rewards, double[] advantages, LoneSuccessPlan? plan)
    {
        if (plan is not { Action: LoneSuccessAction.Cap } || !Is(rewards) || !Rounding.Above(advantages.Max(), plan.MaximumAdvantage))
            return advantages;
        var factor = plan.MaximumAdvantage / advantages.Max();
        return [.. advantages.Select(advantage => advantage * factor)];
    }

    /// <summary>The group with the samples of a second check, where one of these succeeds as well; null where none does.</summary>
    public static TrajectoryGroup? Confirm(TrajectoryGroup group, TrajectoryGroup check)
    {
        var best = group.Trajectories.Max(trajectory => trajectory.Reward);
        return check.Trajectories.Any(trajectory => Rounding.Reaches(trajectory.Reward, best))
            ? group with { Trajectories = [.. group.Trajectories, .. check.Trajectories] }
            : null;
    }
}
