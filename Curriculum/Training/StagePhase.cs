using System.Text.Json.Serialization;

namespace Curriculum.Training;

/// <summary>What a stage does next, or waits for.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StagePhase>))]
public enum StagePhase
{
    /// <summary>Nothing has happened yet.</summary>
    [JsonStringEnumMemberName("begin")]
    Begin,

    /// <summary>The next iteration is to begin.</summary>
    [JsonStringEnumMemberName("iterate")]
    Iterate,

    /// <summary>Pilot rollouts are waited for.</summary>
    [JsonStringEnumMemberName("pilot")]
    Pilot,

    /// <summary>An iteration's rollouts, or a second check of them, are waited for.</summary>
    [JsonStringEnumMemberName("sample")]
    Sample,

    /// <summary>An iteration's update is waited for.</summary>
    [JsonStringEnumMemberName("update")]
    Update,

    /// <summary>The validation of a checkpoint is waited for.</summary>
    [JsonStringEnumMemberName("validate")]
    Validate,

    /// <summary>The outcome is known; the last state is to become a checkpoint.</summary>
    [JsonStringEnumMemberName("finish")]
    Finish,

    /// <summary>The stage failed; whether its state and its checkpoints are whole is to be looked at.</summary>
    [JsonStringEnumMemberName("inspect")]
    Inspect,

    /// <summary>Nothing follows.</summary>
    [JsonStringEnumMemberName("end")]
    End,
}
