using System.Text.Json;
using Curriculum.Work;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Orchestrations.Storage;
using Orchestrations.Telemetry;

namespace Orchestrations.Workflows;

/// <summary>Turns a worker's report into the event that an orchestration waits for.</summary>
/// <remarks>The event is a hint: the result is stored already, so that a dropped report costs time and nothing else.</remarks>
public sealed partial class WorkCompleted(ReportedSteps steps, ILogger<WorkCompleted> log)
{
    private static long _dropped;

    /// <summary>Reports since the start that no orchestration waited for any more.</summary>
    public static long Dropped => Interlocked.Read(ref _dropped);

    [Function(nameof(WorkCompleted))]
    public async Task Run(
        [QueueTrigger(StorageNames.ResultsQueue, Connection = DataStorage.Connection)] string message,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        var result = JsonSerializer.Deserialize(message, CurriculumJson.Default.ResultMessage)
            ?? throw new JsonException("Expected a result message, found null.");
        var taken = await steps.TakeAsync(result, cancellationToken);
        try
        {
            await client.RaiseEventAsync(result.Instance, result.Id.EventName, taken, cancellationToken);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Each backend names "unknown" and "has ended" with an exception of its own.
            var instance = await client.GetInstanceAsync(result.Instance, getInputsAndOutputs: false, cancellationToken);
            if (instance is { IsCompleted: false })
                throw;
            AppMeasurements.Dropped();
            LogDropped(result.Id, result.Instance, instance?.RuntimeStatus.ToString() ?? "unknown", Interlocked.Increment(ref _dropped));
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Dropped the report of {Id}: instance {Instance} is {Status}; {Count} dropped so far")]
    private partial void LogDropped(WorkItemId id, string instance, string status, long count);
}
