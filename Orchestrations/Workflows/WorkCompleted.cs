using System.Text.Json;
using Curriculum.Work;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Orchestrations.Storage;
using Orchestrations.Telemetry;

namespace Orchestrations.Workflows;

/// <summary>Takes the step that a worker's report lets follow, and tells the orchestration where the work has ended or the step is its own to take.</summary>
/// <remarks>The report is a hint: the result is stored already, so that one that is dropped costs time and nothing else.</remarks>
public sealed partial class WorkCompleted(ReportedSteps steps, OpenWaits waits, TimeProvider clock, ILogger<WorkCompleted> log)
{
    [Function(nameof(WorkCompleted))]
    public async Task Run(
        [QueueTrigger(StorageNames.ResultsQueue, Connection = DataStorage.Connection)] string message,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        var result = JsonSerializer.Deserialize(message, CurriculumJson.Default.ResultMessage)
            ?? throw new JsonException("Expected a result message, found null.");
        if (await steps.TakeAsync(result, cancellationToken) is not { } due)
            return;
        try
        {
            await client.RaiseEventAsync(result.Instance, WorkOrchestrator.Event, due, cancellationToken);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Each backend names "unknown" and "has ended" with an exception of its own.
            var instance = await client.GetInstanceAsync(result.Instance, getInputsAndOutputs: false, cancellationToken);
            if (instance is { IsCompleted: false })
                throw;
            AppMeasurements.Dropped();
            LogDropped(result.Id, result.Instance, instance?.RuntimeStatus.ToString() ?? "unknown");
        }

        // Only now, and kept until the orchestration has gone on: a word that was lost is said again.
        if (due.HasEnded)
            await waits.ToldAsync(result.Id.Run, result.Instance, clock.GetUtcNow(), cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Dropped the report of {Id}: instance {Instance} is {Status}")]
    private partial void LogDropped(WorkItemId id, string instance, string status);
}
