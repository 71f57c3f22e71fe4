using Curriculum.Work;

namespace Orchestrations.Storage;

/// <summary>What an orchestration waits for, in <c>work/.open/{run}/{instance}</c>: written when the waiting begins, looked at by the watchdog, shown in the run's status.</summary>
public sealed record OpenWait
{
    /// <summary>The orchestration that waits.</summary>
    public required string Instance { get; init; }

    /// <summary>What the work is done for.</summary>
    public required WorkOwner Owner { get; init; }

    /// <summary>What ends the waiting.</summary>
    public required WaitKind Kind { get; init; }

    /// <summary>The step of the work that follows once the waiting is over.</summary>
    public int Step { get; init; }

    /// <summary>The work items whose results are waited for; empty for the other kinds.</summary>
    public IReadOnlyList<OpenItem> Items { get; init; } = [];

    /// <summary>When the orchestration was last told that the step is due, or that the work has ended; null where reports were enough so far.</summary>
    public DateTimeOffset? RaisedAt { get; init; }

    /// <summary>What is waited for, in words; null until it has been looked at.</summary>
    public string? Description { get; init; }

    /// <summary>The trace that the steps after it belong to; null where nobody traces.</summary>
    public string? TraceParent { get; init; }
}

/// <summary>A work item that is waited for.</summary>
/// <param name="SentAt">When its message was last sent.</param>
/// <param name="Stalls">How often it was sent again because its worker had stalled.</param>
public sealed record OpenItem(WorkItemId Id, DateTimeOffset SentAt, int Stalls);

/// <summary>What ends a wait.</summary>
public enum WaitKind
{
    /// <summary>The results of work items.</summary>
    Results,

    /// <summary>A paused run that goes on, or is canceled.</summary>
    Resume,

    /// <summary>A run's turn among the runs of the hub.</summary>
    Queue,

    /// <summary>The end of the orchestration, which has been told that its work has ended.</summary>
    End,
}
