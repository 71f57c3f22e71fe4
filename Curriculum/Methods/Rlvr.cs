using Curriculum.Plans;

namespace Curriculum.Methods;

/// <summary>Reinforcement with verifiable rewards: whole solutions are sampled and rewarded for their answers.</summary>
public sealed class Rlvr(RlvrPlan plan) : PolicyGradient(plan);
