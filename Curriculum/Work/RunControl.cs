using System.Text.Json.Serialization;

namespace Curriculum.Work;

/// <summary>What a person wants of a run, <c>{run}/control</c>; ETag-guarded, read between iterations and at progress marks.</summary>
public sealed record RunControl
{
    public required int Version { get; init; }

    public required RunWish Wish { get; init; }

    public string? Reason { get; init; }
}

/// <summary>The wishes.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RunWish>))]
public enum RunWish
{
    [JsonStringEnumMemberName("run")]
    Run,

    [JsonStringEnumMemberName("pause")]
    Pause,

    [JsonStringEnumMemberName("cancel")]
    Cancel,
}
