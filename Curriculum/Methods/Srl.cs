using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Work;

namespace Curriculum.Methods;

/// <summary>Step-wise imitation of expert solutions by reinforcement: each step is sampled after the expert's steps before it and rewarded for its likeness to
/// the expert's (arXiv 2510.25992).</summary>
public sealed class Srl(SrlPlan plan) : PolicyGradient(plan)
{
    public override int MonologueTokens => plan.Monologue?.MaxTokens ?? 0;

    public override string? Characters(IProblemFamily family) => plan.Monologue is null ? null : family.Tags.Open + family.Tags.Close;

    public override RolloutPrompt Shown(RolloutPrompt prompt) => !plan.Titles
        ? base.Shown(prompt)
        : base.Shown(prompt) with { Title = ProblemFamilies.Get(prompt.Problem.Family).Title(prompt.Problem, prompt.Step!.Value) };
}
