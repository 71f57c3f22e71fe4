using System.Text.Json.Serialization;
using Curriculum.Work;

namespace Curriculum.Api;

/// <summary>What is waited for at the moment, by whom and since when, and which workers are at work.</summary>
public sealed record QueueStatus
{
    /// <summary>Messages in the work queue, about.</summary>
    public required int Messages { get; init; }

    /// <summary>Messages that were moved aside, about.</summary>
    public required int SetAside { get; init; }

    /// <summary>How many runs go on at once.</summary>
    public required int MaxActive { get; init; }

    /// <summary>The runs in their order, some that have ended included.</summary>
    public required IReadOnlyList<string> Line { get; init; }

    public required IReadOnlyList<WaitStatus> Waits { get; init; }

    /// <summary>Those that hold an item: an idle worker tells nobody of itself.</summary>
    public required IReadOnlyList<WorkerStatus> Workers { get; init; }
}

/// <summary>What one orchestration waits for.</summary>
public sealed record WaitStatus
{
    public required string Run { get; init; }

    /// <summary>An arm's name, or the run's own work: <c>@base</c>, <c>@audit</c>, <c>@votes</c>, <c>@queue</c>.</summary>
    public required string Scope { get; init; }

    public required int Seed { get; init; }

    public required int Stage { get; init; }

    public required int Attempt { get; init; }

    /// <summary>In words; null until it has been looked at.</summary>
    public string? Description { get; init; }

    /// <summary>When the oldest of the items was sent; null where no item is waited for.</summary>
    public DateTimeOffset? Since { get; init; }

    public required IReadOnlyList<ItemStatus> Items { get; init; }
}

/// <summary>A work item that is waited for.</summary>
public sealed record ItemStatus
{
    public required string Id { get; init; }

    public required WorkKind Kind { get; init; }

    public required ItemState State { get; init; }

    public required DateTimeOffset SentAt { get; init; }

    /// <summary>How often it was sent again because its worker had stalled.</summary>
    public int Stalls { get; init; }

    /// <summary>Why it is not there yet.</summary>
    public required string Reason { get; init; }

    public string? Worker { get; init; }

    /// <summary>Share done, 0 to 1.</summary>
    public double? Progress { get; init; }
}

/// <summary>Where a work item stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ItemState>))]
public enum ItemState
{
    /// <summary>Waits for a worker.</summary>
    [JsonStringEnumMemberName("queued")]
    Queued,

    [JsonStringEnumMemberName("running")]
    Running,

    /// <summary>Its worker has made no progress for longer than the plan allows.</summary>
    [JsonStringEnumMemberName("stalled")]
    Stalled,
}

/// <summary>A worker that holds an item.</summary>
public sealed record WorkerStatus
{
    public required string Name { get; init; }

    public required string Item { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset LastProgress { get; init; }

    /// <summary>Share done, 0 to 1.</summary>
    public required double Progress { get; init; }

    /// <summary>What its last try ended with, where that was an error.</summary>
    public string? LastError { get; init; }
}
