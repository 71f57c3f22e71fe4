using System.Text.Json.Serialization;

namespace Orchestrations.Schedules;

/// <summary>One scheduled time of a schedule and what came of it; stored as <c>schedules/{name}/runs/{time}.json</c>.</summary>
/// <remarks>Created once, before anything is started: of two timers that fire for one time the first decides and the other follows.</remarks>
public sealed record ScheduledRun
{
    public required string Schedule { get; init; }

    /// <summary>The scheduled instant, whenever the timer fired.</summary>
    public required DateTimeOffset Scheduled { get; init; }

    /// <summary>The schedule and the instant: <c>{name}-{yyyyMMdd}t{HHmm}z</c>.</summary>
    public required string Run { get; init; }

    public required DateTimeOffset DecidedAt { get; init; }

    public required ScheduledRunState State { get; init; }

    /// <summary>Why it was skipped, waits, was refused or failed.</summary>
    public string? Reason { get; init; }

    /// <summary>Earlier times, since the one before, that passed without a run, while no host was up.</summary>
    public int Missed { get; init; }

    /// <summary>What the run came to, once it has concluded with a verdict.</summary>
    public VerdictScore? Score { get; init; }

    /// <summary>The run that the verdict was held against; null where there was none of the same plan.</summary>
    public string? ComparedWith { get; init; }

    /// <summary>In which ways it is worse than that one; empty where it is not.</summary>
    public IReadOnlyList<string> Regressions { get; init; } = [];

    [JsonIgnore]
    public bool IsOpen => State is ScheduledRunState.Queued or ScheduledRunState.Started;
}

/// <summary>Where a scheduled run stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ScheduledRunState>))]
public enum ScheduledRunState
{
    [JsonStringEnumMemberName("queued")]
    Queued,

    [JsonStringEnumMemberName("started")]
    Started,

    /// <summary>The run has concluded, with a verdict.</summary>
    [JsonStringEnumMemberName("completed")]
    Completed,

    [JsonStringEnumMemberName("failed")]
    Failed,

    [JsonStringEnumMemberName("canceled")]
    Canceled,

    /// <summary>The last run still went on.</summary>
    [JsonStringEnumMemberName("skipped")]
    Skipped,

    /// <summary>This build does not take the plan.</summary>
    [JsonStringEnumMemberName("refused")]
    Refused,
}
