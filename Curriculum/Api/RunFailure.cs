using System.Text.Json.Serialization;

namespace Curriculum.Api;

/// <summary>One thing that failed.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Why, in words.</param>
public sealed record RunFailure(FailureKind Kind, string Text);

/// <summary>What can fail of a run.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<FailureKind>))]
public enum FailureKind
{
    /// <summary>An arm under one seed; the others went on.</summary>
    [JsonStringEnumMemberName("arm")]
    Arm,

    /// <summary>No arm trained: there is nothing to compare.</summary>
    [JsonStringEnumMemberName("no-arm-trained")]
    NoArmTrained,

    /// <summary>A step of the run as a whole, such as its preparation.</summary>
    [JsonStringEnumMemberName("run")]
    Run,

    /// <summary>What is stored of the run cannot be read.</summary>
    [JsonStringEnumMemberName("unreadable")]
    Unreadable,
}
