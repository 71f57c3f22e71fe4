using Curriculum.Plans;

namespace Curriculum.Methods;

/// <summary>Reinforcement with verifiable rewards: whole solutions are sampled and rewarded for their answers.</summary>
public sealed class Rlvr(StagePlan plan) : PolicyGradient(plan)
{
    public override bool MustUpdate => false;
}
