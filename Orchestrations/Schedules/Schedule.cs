using System.Text.Json;
using System.Text.Json.Serialization;

namespace Orchestrations.Schedules;

/// <summary>A plan that is run at the times of a cron expression; stored as <c>schedules/{name}/schedule.json</c>.</summary>
public sealed record Schedule
{
    /// <summary>Lower-case letters, digits and hyphens, at most 40; the beginning of its runs' ids.</summary>
    public required string Name { get; init; }

    /// <summary>Five fields: minute, hour, day, month, weekday.</summary>
    public required string Cron { get; init; }

    /// <summary>The IANA name of the zone that the expression is read in; UTC by default.</summary>
    public required string TimeZone { get; init; }

    /// <summary>What happens at a time at which the last run still goes on; it is skipped by default.</summary>
    public required WhenRunning WhenRunning { get; init; }

    /// <summary>Times before this one are not made up for.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The plan as it was submitted: it is read anew at each time, so that a newer build fills in its own defaults.</summary>
    public required JsonElement Plan { get; init; }
}

/// <summary>What to do with a time at which the last run still goes on.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<WhenRunning>))]
public enum WhenRunning
{
    /// <summary>There is no run for it.</summary>
    [JsonStringEnumMemberName("skip")]
    Skip,

    /// <summary>Its run starts once the last one has ended; of several that wait only the newest stays.</summary>
    [JsonStringEnumMemberName("queue")]
    Queue,
}
