using Curriculum.Admission;
using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Work;

namespace Curriculum.Methods;

/// <summary>Sampling, labelling each completion good or bad, training on the labelled text, and asking for good (arXiv 2403.04642).</summary>
public sealed class ReturnConditioned(ReturnConditionedPlan plan) : SuccessMethod(plan)
{
    public override string? Characters(IProblemFamily family) => LabelledData.Good + LabelledData.Bad;

    public override UpdateMaterial Update(IterationMaterial iteration) => new(
        [
            LabelledData.Of(
                iteration.Groups, iteration.Problem, IsSuccess, plan.Conditioning,
                FormattableString.Invariant($"{iteration.Stage.PoolKey}/failures/{iteration.Iteration}"), iteration.Chat),
        ],
        LossKind.Likelihood)
    {
        PromptPrefix = LabelledData.Good,
    };
}
