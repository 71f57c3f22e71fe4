using System.Text.Json.Serialization;

namespace Curriculum.Api;

/// <summary>Why a request was refused.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ProblemCode>))]
public enum ProblemCode
{
    /// <summary>The document has violations; they are listed.</summary>
    [JsonStringEnumMemberName("invalid-document")]
    InvalidDocument,

    /// <summary>The body is over its limit.</summary>
    [JsonStringEnumMemberName("too-large")]
    TooLarge,

    /// <summary>The idempotency key is too long.</summary>
    [JsonStringEnumMemberName("invalid-key")]
    InvalidKey,

    /// <summary>A parameter of the query is missing or cannot be read.</summary>
    [JsonStringEnumMemberName("invalid-query")]
    InvalidQuery,

    [JsonStringEnumMemberName("unknown-run")]
    UnknownRun,

    [JsonStringEnumMemberName("unknown-schedule")]
    UnknownSchedule,

    /// <summary>The run has no checkpoint such as the one that is asked for.</summary>
    [JsonStringEnumMemberName("unknown-checkpoint")]
    UnknownCheckpoint,

    /// <summary>The run keeps no such trajectory, or keeps it no more.</summary>
    [JsonStringEnumMemberName("unknown-trajectory")]
    UnknownTrajectory,

    /// <summary>The run has no such work item, or has it no more.</summary>
    [JsonStringEnumMemberName("unknown-item")]
    UnknownItem,

    [JsonStringEnumMemberName("unknown-file")]
    UnknownFile,

    /// <summary>The run has no verdict or report yet.</summary>
    [JsonStringEnumMemberName("not-concluded")]
    NotConcluded,

    /// <summary>The run has to end first.</summary>
    [JsonStringEnumMemberName("run-goes-on")]
    RunGoesOn,

    [JsonStringEnumMemberName("run-has-ended")]
    RunHasEnded,

    /// <summary>There is nothing to retry.</summary>
    [JsonStringEnumMemberName("nothing-failed")]
    NothingFailed,

    [JsonStringEnumMemberName("run-is-being-canceled")]
    BeingCanceled,

    [JsonStringEnumMemberName("run-is-being-purged")]
    BeingPurged,

    /// <summary>Another run has still to copy from this one.</summary>
    [JsonStringEnumMemberName("run-is-needed")]
    Needed,

    /// <summary>The key belongs to another plan.</summary>
    [JsonStringEnumMemberName("key-is-taken")]
    KeyIsTaken,

    /// <summary>Another data set has the name.</summary>
    [JsonStringEnumMemberName("name-is-taken")]
    NameIsTaken,

    /// <summary>What is stored cannot be read.</summary>
    [JsonStringEnumMemberName("unreadable")]
    Unreadable,
}
