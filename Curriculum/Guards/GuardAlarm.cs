using System.Text.Json.Serialization;
using Curriculum.Plans;

namespace Curriculum.Guards;

/// <summary>One firing of a guard.</summary>
public sealed record GuardAlarm
{
    public required GuardKind Guard { get; init; }

    /// <summary>What it led to, as planned.</summary>
    public required GuardAction Action { get; init; }

    public required int Attempt { get; init; }

    /// <summary>The iteration whose figures, or after which a validation, set it off; from 0 within the attempt. -1 is the stage's start.</summary>
    public required int Iteration { get; init; }

    /// <summary>What was measured; null where it was no number.</summary>
    public double? Value { get; init; }

    /// <summary>What it was held against; null where there is no limit.</summary>
    public double? Limit { get; init; }

    public required string Message { get; init; }
}

/// <summary>The guards.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<GuardKind>))]
public enum GuardKind
{
    [JsonStringEnumMemberName("length-collapse")]
    LengthCollapse,

    [JsonStringEnumMemberName("ngram-repetition")]
    NgramRepetition,

    [JsonStringEnumMemberName("block-repetition")]
    BlockRepetition,

    [JsonStringEnumMemberName("skipped-computation")]
    SkippedComputation,

    [JsonStringEnumMemberName("non-finite")]
    NonFinite,

    [JsonStringEnumMemberName("regression")]
    Regression,
}
