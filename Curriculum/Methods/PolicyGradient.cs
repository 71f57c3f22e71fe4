using Curriculum.Admission;
using Curriculum.Plans;
using Curriculum.Work;

namespace Curriculum.Methods;

/// <summary>A method that raises the probability of what was better than its group, or than its value, and lowers that of what was worse.</summary>
public abstract class PolicyGradient(PolicyGradientPlan plan) : SampledMethod(plan)
{
    public override LossPlan Loss => plan.Loss;

    public override bool NeedsReference => plan.Loss.KlWeight > 0;

    public override bool NeedsValues => plan.Advantage.Estimator == AdvantageEstimator.Gae;

    public override string Useful => FormattableString.Invariant($"a reward spread above {plan.Admission.MinimumStd} (admission.minimumStd)");

    /// <summary>A group advantage needs a spread of rewards; a value or a raw reward has its own baseline and takes any group.</summary>
    public override bool IsUseful(TrajectoryGroup group) =>
        NeedsValues
        || (group.Trajectories.Count == 1 && plan.Advantage.GroupOfOne == LoneAdvantage.Raw)
        || HasSpread(group);

    public override UpdateMaterial Update(IterationMaterial iteration) =>
        new([BatchBuilder.OfGroups(iteration.Groups, plan.Advantage, plan.Admission.LoneSuccess)], LossKind.PolicyGradient);
}
