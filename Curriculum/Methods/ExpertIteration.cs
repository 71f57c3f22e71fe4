using Curriculum.Admission;
using Curriculum.Plans;
using Curriculum.Work;

namespace Curriculum.Methods;

/// <summary>Sampling, and fine-tuning on the successes of all iterations so far (arXiv 2403.04642).</summary>
public sealed class ExpertIteration(ExpertIterationPlan plan) : SuccessMethod(plan)
{
    public override UpdateMaterial Update(IterationMaterial iteration)
    {
        var gathered = ExpertData.Add(iteration.Gathered, iteration.Groups, IsSuccess, plan.Expert);
        var key = FormattableString.Invariant($"{iteration.Stage.PoolKey}/expert/{iteration.Iteration}");
        return new(ExpertData.Batches(gathered, plan.Expert, key), LossKind.Likelihood)
        {
            Gathered = gathered,
            FromStart = plan.Expert.Start == ExpertStart.Restart,
        };
    }
}
