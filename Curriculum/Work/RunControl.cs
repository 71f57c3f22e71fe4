using System.Text.Json.Serialization;

namespace Curriculum.Work;

/// <summary>What a person wants of a run, <c>{run}/control</c>; ETag-guarded, read between iterations and at progress marks.</summary>
public sealed record RunControl
{
    public required int Version { get; init; }

    public required DesiredState DesiredState { get; init; }

    public string? Reason { get; init; }
}

/// <summary>What may be asked of a run.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DesiredState>))]
public enum DesiredState
{
    [JsonStringEnumMemberName("run")]
    Run,

    [JsonStringEnumMemberName("pause")]
    Pause,

    [JsonStringEnumMemberName("cancel")]
    Cancel,
}
