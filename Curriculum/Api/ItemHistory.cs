using Curriculum.Work;

namespace Curriculum.Api;

/// <summary>What is known of one work item: where it stands, who computed it, and what the host and the workers noted about it.</summary>
public sealed record ItemHistory
{
    public required string Id { get; init; }

    public required WorkKind Kind { get; init; }

    /// <summary>When it was first sent.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Where it stands; null where it has a result, or is not waited for.</summary>
    public ItemStatus? Waiting { get; init; }

    /// <summary>Who holds it or held it last; null where no worker had it for long enough to say so.</summary>
    public WorkerStatus? Worker { get; init; }

    /// <summary>Null until there is one.</summary>
    public ItemResult? Result { get; init; }

    /// <summary>Results that were not the item's own.</summary>
    public required int SetAside { get; init; }

    /// <summary>What the host did to it, by time: sent again, given up, its result set aside.</summary>
    public required IReadOnlyList<Incident> Incidents { get; init; }

    /// <summary>What workers logged, delivery by delivery; empty where nothing was unusual.</summary>
    public required IReadOnlyList<WorkLog> Logs { get; init; }
}

/// <summary>How an item ended.</summary>
public sealed record ItemResult
{
    /// <summary>Who computed it; <c>nobody</c> where the host ended it.</summary>
    public required string Worker { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required double Seconds { get; init; }

    public required DateTimeOffset StoredAt { get; init; }

    public required string Fingerprint { get; init; }

    /// <summary>Null where it has an output.</summary>
    public WorkFailure? Failure { get; init; }
}
