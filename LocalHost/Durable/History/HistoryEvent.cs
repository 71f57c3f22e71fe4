using System.Text.Json.Serialization;

namespace LocalHost.Durable.History;

/// <summary>One line of an instance's history.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(TurnStarted), "turn")]
[JsonDerivedType(typeof(TurnCut), "cut")]
[JsonDerivedType(typeof(HostTookOver), "host")]
[JsonDerivedType(typeof(InstanceStarted), "started")]
[JsonDerivedType(typeof(StartDue), "due")]
[JsonDerivedType(typeof(ActivityCompleted), "activity-completed")]
[JsonDerivedType(typeof(ActivityFailed), "activity-failed")]
[JsonDerivedType(typeof(TimerFired), "timer-fired")]
[JsonDerivedType(typeof(ChildCompleted), "child-completed")]
[JsonDerivedType(typeof(ChildFailed), "child-failed")]
[JsonDerivedType(typeof(EventRaised), "event-raised")]
[JsonDerivedType(typeof(EventDelivered), "event-delivered")]
[JsonDerivedType(typeof(InstanceSuspended), "suspended")]
[JsonDerivedType(typeof(InstanceResumed), "resumed")]
[JsonDerivedType(typeof(InstanceHeld), "held")]
[JsonDerivedType(typeof(InstanceReleased), "released")]
[JsonDerivedType(typeof(InstanceTerminated), "terminated")]
[JsonDerivedType(typeof(ActivityScheduled), "activity-scheduled")]
[JsonDerivedType(typeof(TimerCreated), "timer-created")]
[JsonDerivedType(typeof(ChildCreated), "child-created")]
[JsonDerivedType(typeof(EventSent), "event-sent")]
[JsonDerivedType(typeof(StatusSet), "status")]
[JsonDerivedType(typeof(InstanceEnded), "ended")]
internal abstract record HistoryEvent
{
    /// <summary>The event's input, result or output.</summary>
    public Payload? Data { get; init; }
}
