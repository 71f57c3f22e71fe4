using Cronos;

namespace Orchestrations.Schedules;

/// <summary>The times of a schedule. A time that a change of the clocks leaves out comes right after it, one that it repeats comes once.</summary>
public static class ScheduleTimes
{
    /// <summary>Timers may fire up to a second early.</summary>
    private static readonly TimeSpan Early = TimeSpan.FromSeconds(2);

    /// <summary>Counting stops here: nobody asks by how much more an every-minute schedule was late.</summary>
    private const int MostMissed = 10_000;

    /// <summary>The newest time after <paramref name="after"/> that has come, and how many before it have passed; null where none has come.</summary>
    public static (DateTimeOffset Scheduled, int Missed)? Due(Schedule schedule, DateTimeOffset after, DateTimeOffset now)
    {
        var (cron, zone) = (CronExpression.Parse(schedule.Cron), TimeZoneInfo.FindSystemTimeZoneById(schedule.TimeZone));
        DateTimeOffset? newest = null;
        var passed = 0;
        for (var from = after; passed <= MostMissed; passed++)
        {
            if (cron.GetNextOccurrence(from, zone) is not { } next || next > now + Early)
                break;
            newest = from = next;
        }

        return newest is { } scheduled ? (scheduled.ToUniversalTime(), passed - 1) : null;
    }

    /// <summary>The next time after an instant, or null where there is none.</summary>
    public static DateTimeOffset? Next(Schedule schedule, DateTimeOffset after) =>
        CronExpression.Parse(schedule.Cron).GetNextOccurrence(after, TimeZoneInfo.FindSystemTimeZoneById(schedule.TimeZone))?.ToUniversalTime();

    /// <summary>The run of a schedule at an instant, whenever and however often the timer fires for it.</summary>
    public static string Run(string schedule, DateTimeOffset scheduled) => $"{schedule}-{Stamp(scheduled)}";

    /// <summary>The instant as part of ids and blob names; in the order of time.</summary>
    public static string Stamp(DateTimeOffset scheduled) => FormattableString.Invariant($"{scheduled.UtcDateTime:yyyyMMdd't'HHmm'z'}");
}
