using Curriculum.Plans;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Orchestrations.Workflows;

/// <summary>One attempt at one stage: batches of iterations until it has an outcome.</summary>
/// <remarks>After 50 batches it continues as new, with nothing open: events are awaited in the batches only.</remarks>
public static class StageOrchestrator
{
    private const int BatchesPerGeneration = 50;

    [Function(nameof(StageOrchestrator))]
    public static async Task<StageProgress> Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var input = context.GetInput<StageInput>()!;
        var progress = input.Progress;
        for (var n = 0; n < BatchesPerGeneration; n++)
        {
            var batch = FormattableString.Invariant($"{input.Stage.Instance}:{input.Batches + n}");
            progress = await context.CallSubOrchestratorAsync<StageProgress>(
                nameof(IterationBatchOrchestrator),
                new IterationBatchInput(
                    input.Stage, input.Plan, input.Budget, input.Allowed, input.Limits, progress),
                new SubOrchestrationOptions(instanceId: batch));
            if (progress.Outcome is not null)
                return progress;
        }

        context.ContinueAsNew(input with { Progress = progress, Batches = input.Batches + BatchesPerGeneration });
        return progress;
    }
}

/// <summary>Input of <see cref="StageOrchestrator"/>.</summary>
public sealed record StageInput(
    StageKey Stage, StagePlan Plan, BudgetPlan Budget, long Allowed, LimitsPlan Limits, StageProgress Progress, int Batches = 0);
