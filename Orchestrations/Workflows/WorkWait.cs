using Curriculum.Work;
using Microsoft.DurableTask;

namespace Orchestrations.Workflows;

/// <summary>Waits for events alone: the stored result is the truth, the event a hint, and the watchdog looks after both.</summary>
public static class WorkWait
{
    /// <summary>Name of the event that a paused run's orchestrations wait for.</summary>
    public const string Resumed = "resumed";

    /// <summary>Returns once every item has a result.</summary>
    public static Task AllAsync(TaskOrchestrationContext context, IReadOnlyList<string> ids) =>
        Task.WhenAll([.. ids.Select(id => context.WaitForExternalEvent<string>(ResultMessage.EventNameOf(id)))]);
}
