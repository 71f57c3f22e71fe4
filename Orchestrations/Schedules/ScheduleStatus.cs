using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestrations.Schedules;

/// <summary>A schedule as <c>GET /api/schedules</c> shows it.</summary>
public sealed record ScheduleStatus
{
    public required string Name { get; init; }

    public string? Cron { get; init; }

    public string? TimeZone { get; init; }

    public WhenRunning? WhenRunning { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Why the schedule cannot be read, in the list of schedules; nothing else is known of it then.</summary>
    public string? Fault { get; init; }

    /// <summary>The next time, if there is one.</summary>
    public DateTimeOffset? Next { get; init; }

    /// <summary>The newest scheduled run.</summary>
    public ScheduledRun? Last { get; init; }

    /// <summary>ScheduledRuns with what their runs came to, the newest first; in the list of schedules they are left out.</summary>
    public IReadOnlyList<ScheduledRun>? History { get; init; }

    /// <summary>Each arm's primary metric over the scheduled runs that have one, the oldest first; in the list of schedules it is left out.</summary>
    public IReadOnlyList<ArmTrend>? Trend { get; init; }

    /// <summary>The call that told of the newest regression.</summary>
    public WebhookCall? Webhook { get; init; }

    public JsonElement? Plan { get; init; }

    public static ScheduleStatus Of(Schedule schedule, ScheduledRun? last, DateTimeOffset now) => new()
    {
        Name = schedule.Name,
        Cron = schedule.Cron,
        TimeZone = schedule.TimeZone,
        WhenRunning = schedule.WhenRunning,
        CreatedAt = schedule.CreatedAt,
        Next = ScheduleTimes.Next(schedule, now),
        Last = last,
    };

    public static IReadOnlyList<ArmTrend> TrendOf(IEnumerable<ScheduledRun> newestFirst) =>
    [
        .. from scheduled in newestFirst.Reverse()
           from arm in scheduled.Score?.Arms ?? []
           group new TrendPoint(scheduled.Scheduled, scheduled.Run, arm.Accuracy.Value, arm.Accuracy.Low, arm.Accuracy.High) by arm.Arm into points
           select new ArmTrend(points.Key, [.. points]),
    ];
}

/// <summary>A call that tells of a run that regressed.</summary>
public sealed record WebhookCall(string Run, WebhookCallState State);

/// <summary>Where a webhook call stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<WebhookCallState>))]
public enum WebhookCallState
{
    /// <summary>No webhook was set.</summary>
    [JsonStringEnumMemberName("not-made")]
    NotMade,

    /// <summary>It is made, or made again, until it is taken.</summary>
    [JsonStringEnumMemberName("pending")]
    Pending,

    [JsonStringEnumMemberName("delivered")]
    Delivered,

    /// <summary>It was refused, or given up after its last try.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,
}

/// <summary>An arm's primary metric, night by night.</summary>
public sealed record ArmTrend(string Arm, IReadOnlyList<TrendPoint> Points);

/// <summary>One night of an arm: accuracy and its interval.</summary>
public sealed record TrendPoint(DateTimeOffset Scheduled, string Run, double Value, double Low, double High);

/// <summary>All schedules, in the order of their names.</summary>
public sealed record ScheduleList(IReadOnlyList<ScheduleStatus> Schedules);
