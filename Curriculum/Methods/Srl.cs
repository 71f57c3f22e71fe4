using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Work;

namespace Curriculum.Methods;

/// <summary>Step-wise imitation of expert solutions by reinforcement: each step is sampled after the expert's steps before it and rewarded for its likeness to the expert's (arXiv 2510.25992).</summary>
public sealed class Srl(StagePlan plan) : PolicyGradient(plan)
{
    /// <summary>Steps that a problem is taken to have before it is known.</summary>
    private const int TypicalSteps = 8;

    public override bool MustUpdate => true;

    public override double PromptsPerProblem => Plan.TargetOf() == CompletionTarget.Step ? TypicalSteps : 1;

    public override int MonologueTokens => Plan.Monologue?.MaxTokens ?? 0;

    public override string? Characters(IProblemFamily family) => Plan.Monologue is null ? null : family.Tags.Open + family.Tags.Close;

    public override RolloutPrompt Shown(RolloutPrompt prompt) => !Plan.Titles
        ? base.Shown(prompt)
        : base.Shown(prompt) with { Title = ProblemFamilies.Get(prompt.Problem.Family).Title(prompt.Problem, prompt.Step!.Value) };
}
