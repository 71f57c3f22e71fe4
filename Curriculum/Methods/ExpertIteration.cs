using Curriculum.Admission;
using Curriculum.Plans;
using Curriculum.Work;

namespace Curriculum.Methods;

/// <summary>Sampling, and fine-tuning on the successes of all iterations so far (arXiv 2403.04642).</summary>
public sealed class ExpertIteration(StagePlan plan) : SuccessMethod(plan)
{
    public override UpdateMaterial Update(IterationMaterial iteration)
    {
        var gathered = ExpertData.Add(iteration.Gathered, iteration.Groups, IsSuccess, Plan.Expert);
        var key = FormattableString.Invariant($"{iteration.Stage.PoolKey}/expert/{iteration.Iteration}");
        return new(ExpertData.Batches(gathered, Plan.Expert, key), LossKind.Likelihood)
        {
            Gathered = gathered,
            FromStart = Plan.Expert.Start == ExpertStart.Restart,
        };
    }
}
