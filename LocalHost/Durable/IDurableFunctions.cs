using Microsoft.DurableTask;

namespace LocalHost.Durable;

/// <summary>The orchestrators and activities of the app, as the engine sees them.</summary>
internal interface IDurableFunctions
{
    /// <summary>The orchestrator of that name, or null where the app has none.</summary>
    Func<TaskOrchestrationContext, Task<object?>>? FindOrchestrator(string name);

    /// <summary>The activity of that name, or null where the app has none.</summary>
    Func<ActivityCall, CancellationToken, Task<object?>>? FindActivity(string name);
}

/// <summary>One call of an activity; the input is JSON, or null.</summary>
internal sealed record ActivityCall(string Name, string InstanceId, int TaskId, string? Input);
