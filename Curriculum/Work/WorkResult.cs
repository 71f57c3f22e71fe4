using System.Text.Json.Serialization;

namespace Curriculum.Work;

/// <summary>The stored end of a work item, <c>{id}/result.json</c>, written once with If-None-Match: the truth about the item.</summary>
public sealed record WorkResult
{
    public required WorkItemId Id { get; init; }

    /// <summary>SHA-256 of the item's bytes; a stored result with another one is an error.</summary>
    public required string InputHash { get; init; }

    /// <summary>Null exactly when <see cref="Failure"/> is set.</summary>
    public WorkOutput? Output { get; init; }

    public WorkFailure? Failure { get; init; }

    /// <summary>The numerics fingerprint: device, CPU capability, libtorch version, dtype, threads.</summary>
    public required string Fingerprint { get; init; }

    public required WorkTiming Timing { get; init; }
}

/// <summary>What a work item produced.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(RolloutOutput), "rollout")]
[JsonDerivedType(typeof(UpdateOutput), "update")]
[JsonDerivedType(typeof(EvaluateOutput), "evaluate")]
[JsonDerivedType(typeof(ContinueOutput), "continue")]
[JsonDerivedType(typeof(ScoreOutput), "score")]
[JsonDerivedType(typeof(ColocatedOutput), "colocated")]
public abstract record WorkOutput;

/// <summary>Why an item has no output.</summary>
/// <param name="Kind"><c>non-finite</c>, <c>corrupt-state</c>, <c>bad-item</c>, <c>too-large</c>, <c>poison</c>, <c>error</c>, <c>canceled</c> or <c>capped</c>.</param>
/// <param name="Message">What was expected, what was found, which setting to change.</param>
public sealed record WorkFailure(string Kind, string Message)
{
    public const string Canceled = "canceled";
    public const string Capped = "capped";
    public const string Stalled = "stalled";
    /// <summary>What was stored in the item's place was another's, time after time.</summary>
    public const string WrongResult = "wrong-result";

    public const string NonFinite = "non-finite";
}

/// <summary>Who did it and how long it took; never part of anything reproducible.</summary>
public sealed record WorkTiming(string Worker, DateTimeOffset StartedAt, double Seconds);
