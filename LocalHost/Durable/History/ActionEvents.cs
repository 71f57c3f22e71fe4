using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace LocalHost.Durable.History;

/// <summary>Something the orchestrator did; numbered from 0 in its own order.</summary>
internal abstract record ActionEvent(int Id) : HistoryEvent
{
    /// <summary>What makes two actions the same on replay.</summary>
    public abstract string Identity { get; }
}

internal sealed record ActivityScheduled(int Id, string Name) : ActionEvent(Id)
{
    public override string Identity => $"activity '{Name}' (#{Id})";
}

internal sealed record TimerCreated(int Id, DateTimeOffset FireAt) : ActionEvent(Id)
{
    public override string Identity => $"timer (#{Id})";
}

internal sealed record ChildCreated(int Id, string Name, string InstanceId, string Version) : ActionEvent(Id)
{
    public override string Identity => $"sub-orchestration '{Name}' with id '{InstanceId}' (#{Id})";
}

internal sealed record EventSent(int Id, string InstanceId, string Name) : ActionEvent(Id)
{
    public override string Identity => $"event '{Name}' to '{InstanceId}' (#{Id})";
}

/// <summary>The custom status from here on; not compared on replay.</summary>
internal sealed record StatusSet : HistoryEvent;

/// <summary>The last event of a generation, but for the external events that go on to the next.</summary>
/// <param name="Status">Completed, failed, terminated or continued as new.</param>
/// <param name="Failure">Why it failed.</param>
/// <param name="NextVersion">The next generation's version, where it has another.</param>
internal sealed record InstanceEnded(
    OrchestrationRuntimeStatus Status, TaskFailureDetails? Failure = null, string? NextVersion = null) : HistoryEvent;
