using Curriculum.Plans;

namespace Orchestrations.Schedules;

/// <summary>A schedule as it is put: what <see cref="ScheduleReader"/> reads, member by member, so that everything wrong with it is said at once.</summary>
public sealed record ScheduleRequest
{
    public const string DefaultCron = "0 2 * * *";
    public const string DefaultTimeZone = "UTC";
    public const WhenRunning DefaultWhenRunning = WhenRunning.Skip;

    /// <summary>Five fields: minute, hour, day, month, weekday.</summary>
    public string Cron { get; init; } = DefaultCron;

    /// <summary>An IANA name.</summary>
    public string TimeZone { get; init; } = DefaultTimeZone;

    public WhenRunning WhenRunning { get; init; } = DefaultWhenRunning;

    public required RunPlan Plan { get; init; }
}
