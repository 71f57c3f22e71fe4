using System.Text.Json.Serialization;

namespace Curriculum.Stages;

/// <summary>How a stage ended; every stage ends with exactly one. All but failed are results.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StageOutcome>))]
public enum StageOutcome
{
    /// <summary>Its budget was spent.</summary>
    [JsonStringEnumMemberName("completed")]
    Completed,

    /// <summary>A gate between stages said stop.</summary>
    [JsonStringEnumMemberName("stopped-by-gate")]
    StoppedByGate,

    /// <summary>A guard said stop.</summary>
    [JsonStringEnumMemberName("stopped-by-guard")]
    StoppedByGuard,

    /// <summary>A cap on iterations, time or cost.</summary>
    [JsonStringEnumMemberName("stopped-by-cap")]
    StoppedByCap,

    /// <summary>A person canceled the run.</summary>
    [JsonStringEnumMemberName("canceled")]
    Canceled,

    /// <summary>No group was admitted within the refill cap.</summary>
    [JsonStringEnumMemberName("starved")]
    Starved,

    /// <summary>An error, a non-finite loss, a shortfall without a reason.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,
}
