using Curriculum.Work;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Orchestrations.Workflows.Activities;

namespace Orchestrations.Workflows;

/// <summary>One arm under one seed: attempt after attempt at its stages, as the arm's course says.</summary>
public static class ArmOrchestrator
{
    [Function(nameof(ArmOrchestrator))]
    public static async Task Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var arm = context.GetInput<ArmKey>()!;
        while (await context.CallActivityAsync<StageKey?>(nameof(BeginStage), arm, Retries.Storage) is { } stage)
        {
            try
            {
                await WorkOrchestrator.CallAsync(context, WorkOwner.Of(stage));
            }
            catch (TaskFailedException failure)
            {
                // A stage that throws is a stage that failed: the arm says why and the run goes on.
                await context.CallActivityAsync(nameof(FailStage), new StageFailure(stage, Failures.Root(failure.FailureDetails)), Retries.Storage);
            }
        }
    }
}
