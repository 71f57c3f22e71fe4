using Curriculum.Admission;
using Curriculum.Plans;
using Curriculum.Work;

namespace Curriculum.Methods;

/// <summary>Supervised fine-tuning on expert solutions, whole or step by step; nothing is sampled.</summary>
public sealed class Sft(StagePlan plan) : TrainingMethod(plan)
{
    public override bool MustUpdate => true;

    public override int BatchesPerIteration => Plan.UpdatesPerItem;

    public override UpdateMaterial Update(IterationMaterial iteration) => new(
        // Draws count batches, so that batches per item change none of them.
        [.. Enumerable.Range(iteration.Iteration * BatchesPerIteration, BatchesPerIteration)
            .Select(batch => BatchBuilder.OfDemonstrations(iteration.Draw(batch), Plan.TargetOf(), iteration.Chat))],
        LossKind.Likelihood);
}
