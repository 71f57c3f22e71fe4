using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Orchestrations.Workflows;

namespace Orchestrations.Purging;

/// <summary>Deletes everything of a run that has ended, in the background: its blobs, its orchestrations, and its plan last.</summary>
public static class PurgeOrchestrator
{
    private const int StepsPerGeneration = 50;

    /// <summary>Id of a run's purge, which no run and nothing of a run is called.</summary>
    public static string InstanceOf(string run) => $"~purge:{run}";

    [Function(nameof(PurgeOrchestrator))]
    public static async Task Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var run = context.GetInput<string>()!;
        await context.CallActivityAsync(nameof(PurgeSteps.DeleteBlobs), run, Retries.Storage);
        for (var step = 0; step < StepsPerGeneration; step++)
        {
            if (await context.CallActivityAsync<int>(nameof(PurgeSteps.PurgeInstances), run, Retries.Storage) > 0)
                continue;
            await context.CallActivityAsync(nameof(PurgeSteps.EndPurge), run, Retries.Storage);
            return;
        }

        context.ContinueAsNew(run);
    }
}
