using Microsoft.DurableTask;

namespace LocalHost.Durable.History;

/// <summary>The call that a sub-orchestration was started by.</summary>
internal sealed record ParentLink(string InstanceId, string Name, string Execution, int TaskId);

/// <summary>The first event of every generation; its data is the input.</summary>
/// <param name="Name">The orchestrator.</param>
/// <param name="Execution">Names this generation among all of this instance id.</param>
/// <param name="Version">Empty where the instance has none.</param>
/// <param name="Parent">Who waits for the result.</param>
/// <param name="StartAt">The time before which the orchestrator does not run.</param>
internal sealed record InstanceStarted(
    string Name, string Execution, string Version, ParentLink? Parent, DateTimeOffset? StartAt) : HistoryEvent;

/// <summary>The time that the instance was to be started at has come.</summary>
internal sealed record StartDue : HistoryEvent;

/// <summary>What one of the orchestrator's actions came to.</summary>
internal interface IActionResult
{
    int Id { get; }
}

internal sealed record ActivityCompleted(int Id) : HistoryEvent, IActionResult;

internal sealed record ActivityFailed(int Id, TaskFailureDetails Failure) : HistoryEvent, IActionResult;

internal sealed record TimerFired(int Id) : HistoryEvent, IActionResult;

internal sealed record ChildCompleted(int Id) : HistoryEvent, IActionResult;

internal sealed record ChildFailed(int Id, TaskFailureDetails Failure) : HistoryEvent, IActionResult;

/// <summary>An external event.</summary>
/// <param name="Name">Compared without regard to case.</param>
/// <param name="From">Which send of which orchestration it is, so that one sent again is known; null from a client.</param>
internal sealed record EventRaised(string Name, string? From) : HistoryEvent;

/// <summary>An event that this orchestration sent is durable where it was sent to.</summary>
internal sealed record EventDelivered(int Id) : HistoryEvent;

/// <summary>Between such events inputs wait for the code, or go to it again.</summary>
internal abstract record Gate : HistoryEvent;

internal sealed record InstanceSuspended(string? Reason) : Gate;

internal sealed record InstanceResumed(string? Reason) : Gate;

/// <summary>The host does not run the instance's version: from here on inputs wait for one that does.</summary>
internal sealed record InstanceHeld : Gate;

/// <summary>This host runs the instance's version.</summary>
internal sealed record InstanceReleased : Gate;

/// <summary>The instance is to end now; its data is what becomes the output.</summary>
internal sealed record InstanceTerminated(bool Recursive) : HistoryEvent;
