using System.Text.Json;

namespace Orchestrations.Schedules;

/// <summary>A schedule as <c>GET /api/schedules</c> shows it.</summary>
public sealed record ScheduleStatus
{
    public required string Name { get; init; }

    public required string Cron { get; init; }

    public required string TimeZone { get; init; }

    public required WhenRunning WhenRunning { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The next time, if there is one.</summary>
    public DateTimeOffset? Next { get; init; }

    /// <summary>The newest firing.</summary>
    public Firing? Last { get; init; }

    /// <summary>Firings with what their runs came to, the newest first; in the list of schedules they are left out.</summary>
    public IReadOnlyList<Firing>? History { get; init; }

    /// <summary>Each arm's primary metric over the firings that have one, the oldest first; in the list of schedules it is left out.</summary>
    public IReadOnlyList<ArmTrend>? Trend { get; init; }

    /// <summary>The newest regression's webhook call, as its orchestration stands.</summary>
    public string? Webhook { get; init; }

    public JsonElement? Plan { get; init; }

    public static ScheduleStatus Of(Schedule schedule, Firing? last, DateTimeOffset now) => new()
    {
        Name = schedule.Name,
        Cron = schedule.Cron,
        TimeZone = schedule.TimeZone,
        WhenRunning = schedule.WhenRunning,
        CreatedAt = schedule.CreatedAt,
        Next = ScheduleTimes.Next(schedule, now),
        Last = last,
    };

    public static IReadOnlyList<ArmTrend> TrendOf(IEnumerable<Firing> newestFirst) =>
    [
        .. from firing in newestFirst.Reverse()
           from arm in firing.Score?.Arms ?? []
           group new TrendPoint(firing.Scheduled, firing.Run, arm.Accuracy.Value, arm.Accuracy.Low, arm.Accuracy.High) by arm.Arm into points
           select new ArmTrend(points.Key, [.. points]),
    ];
}

/// <summary>An arm's primary metric, night by night.</summary>
public sealed record ArmTrend(string Arm, IReadOnlyList<TrendPoint> Points);

/// <summary>One night of an arm: accuracy and its interval.</summary>
public sealed record TrendPoint(DateTimeOffset Scheduled, string Run, double Value, double Low, double High);

/// <summary>All schedules, in the order of their names.</summary>
public sealed record ScheduleList(IReadOnlyList<ScheduleStatus> Schedules);
