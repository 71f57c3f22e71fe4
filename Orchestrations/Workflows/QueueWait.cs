using Curriculum.Work;
using Microsoft.DurableTask;
using Orchestrations.Storage;
using Orchestrations.Workflows.Activities;

namespace Orchestrations.Workflows;

/// <summary>Waits until fewer runs are before this one than the hub runs at once; the watchdog says when, the run's status where it stands.</summary>
public static class QueueWait
{
    /// <summary>Name of the event that says how the line stands.</summary>
    public const string Event = "turn";

    /// <summary>Events of one generation: each is appended to the history.</summary>
    private const int EventsPerGeneration = 100;

    /// <summary>How the waiting ended; null where the run is to continue as new and wait on.</summary>
    public static async Task<QueuePlace?> WaitAsync(TaskOrchestrationContext context)
    {
        var turn = await context.CallActivityAsync<QueuePlace>(nameof(QueueRun), RunId.Parse(context.InstanceId), Retries.Storage);
        for (var events = 0; events < EventsPerGeneration; events++)
        {
            if (turn.HasCome || turn.IsCanceled)
                return turn;
            context.SetCustomStatus("waiting for its turn");
            turn = await context.WaitForExternalEvent<QueuePlace>(Event);
        }

        return null;
    }
}
