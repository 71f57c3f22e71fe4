using Curriculum.Admission;
using Curriculum.Advantages;
using Curriculum.Plans;
using Curriculum.Statistics;
using Curriculum.Work;

namespace Curriculum.Methods;

/// <summary>A method that raises the probability of what was better than its group, or than its value, and lowers that of what was worse.</summary>
public abstract class PolicyGradient(StagePlan plan) : SampledMethod(plan)
{
    public override bool NeedsReference => Plan.Loss.KlWeight > 0;

    public override bool NeedsValues => Plan.Advantage.Estimator == AdvantageEstimator.Gae;

    public override string Useful => FormattableString.Invariant($"a reward spread above {Plan.Admission.MinimumStd} (admission.minimumStd)");

    /// <summary>A group advantage needs a spread of rewards; a value or a raw reward has its own baseline and takes any group.</summary>
    public override bool IsUseful(TrajectoryGroup group) =>
        NeedsValues
        || (group.Trajectories.Count == 1 && Plan.Advantage.GroupOfOne == LoneAdvantage.Raw)
        || Rounding.Above(GroupAdvantages.PopulationStd([.. group.Trajectories.Select(trajectory => trajectory.Reward)]), Plan.Admission.MinimumStd);

    public override UpdateMaterial Update(IterationMaterial iteration) =>
        new([BatchBuilder.OfGroups(iteration.Groups, Plan.Advantage, Plan.Admission.LoneSuccess)], LossKind.PolicyGradient);
}
