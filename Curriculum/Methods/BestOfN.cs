using Curriculum.Admission;
using Curriculum.Plans;
using Curriculum.Statistics;
using Curriculum.Work;

namespace Curriculum.Methods;

/// <summary>Sampling, and fine-tuning on the best completions of each group of the same iteration (reward-ranked fine-tuning, arXiv 2304.06767).</summary>
public sealed class BestOfN(BestOfNPlan plan) : SampledMethod(plan)
{
    public override string Useful => FormattableString.Invariant($"a reward spread above {plan.Admission.MinimumStd} (admission.minimumStd)");

    /// <summary>Where all completions are worth the same, none is the best.</summary>
    public override bool IsUseful(TrajectoryGroup group) => HasSpread(group);

    public override UpdateMaterial Update(IterationMaterial iteration) => new(
        [
            new()
            {
                Sampled =
                [
                    .. iteration.Groups.OrderBy(group => group.ProblemId, StringComparer.Ordinal).ThenBy(group => group.Step ?? -1)
                        .SelectMany(group => Best(group).Select(trajectory => SampledText.Of(group, trajectory))),
                ],
            },
        ],
        LossKind.Likelihood);

    /// <summary>Of equals, those that were drawn first.</summary>
    private IEnumerable<Trajectory> Best(TrajectoryGroup group)
    {
        var mean = group.Trajectories.Average(trajectory => trajectory.Reward);
        return group.Trajectories.Where(trajectory => Rounding.Above(trajectory.Reward, mean)).OrderByDescending(trajectory => trajectory.Reward).Take(plan.Best);
    }
}
