using System.Text.Json.Serialization;

namespace Curriculum.Api;

/// <summary>Where a run stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RunState>))]
public enum RunState
{
    /// <summary>Stored, and not begun.</summary>
    [JsonStringEnumMemberName("pending")]
    Pending,

    [JsonStringEnumMemberName("running")]
    Running,

    /// <summary>Held by a person until it is resumed.</summary>
    [JsonStringEnumMemberName("paused")]
    Paused,

    /// <summary>Its orchestration was suspended through the durable extension's own API.</summary>
    [JsonStringEnumMemberName("suspended")]
    Suspended,

    /// <summary>Canceled, and about to conclude.</summary>
    [JsonStringEnumMemberName("canceling")]
    Canceling,

    [JsonStringEnumMemberName("completed")]
    Completed,

    [JsonStringEnumMemberName("canceled")]
    Canceled,

    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>Being deleted in the background.</summary>
    [JsonStringEnumMemberName("purging")]
    Purging,

    /// <summary>Its plan or its control cannot be read; it can be purged.</summary>
    [JsonStringEnumMemberName("unreadable")]
    Unreadable,
}
