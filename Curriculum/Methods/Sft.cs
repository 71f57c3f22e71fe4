using Curriculum.Admission;
using Curriculum.Plans;
using Curriculum.Work;

namespace Curriculum.Methods;

/// <summary>Supervised fine-tuning on expert solutions, whole or step by step; nothing is sampled.</summary>
public sealed class Sft(SftPlan plan) : TrainingMethod(plan)
{
    public override UpdateMaterial Update(IterationMaterial iteration) => new(
        // Draws count batches, so that batches per item change none of them.
        [.. Enumerable.Range(iteration.Iteration * plan.BatchesPerItem, plan.BatchesPerItem)
            .Select(batch => BatchBuilder.OfDemonstrations(iteration.Draw(batch), plan.Target, iteration.Chat))],
        LossKind.Likelihood);
}
