using System.Text.Json.Serialization;
using Curriculum.Evaluation;

namespace Curriculum.Findings;

/// <summary>One figure of a run, and the side of a bound on which a published effect puts it.</summary>
public sealed record Claim
{
    /// <summary>What is expected, in a sentence.</summary>
    public required string Text { get; init; }

    /// <summary>The plan whose run is asked.</summary>
    public required string Plan { get; init; }

    public required ClaimMeasure Measure { get; init; }

    /// <summary>The arm, for measures of one; <c>(base)</c> is the untrained policy among the probes.</summary>
    public string? Arm { get; init; }

    /// <summary>The other arm of a difference; an accuracy, a coherence, a validity or a pass@k is then taken less that arm's.</summary>
    public string? Against { get; init; }

    /// <summary>The plan of the other arm; default the same.</summary>
    public string? AgainstPlan { get; init; }

    /// <summary>The benchmark of a completion rate, or of an accuracy; default the run's first.</summary>
    public string? Benchmark { get; init; }

    public required ClaimSide Expect { get; init; }

    public required double Bound { get; init; }

    /// <summary>What was published of it, in a few words.</summary>
    public required string Paper { get; init; }

    /// <summary>What would have to be different for it to be shown; null where it is.</summary>
    public string? Needs { get; init; }
}

/// <summary>The figures that claims are about.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ClaimMeasure>))]
public enum ClaimMeasure
{
    /// <summary>Primary metric.</summary>
    [JsonStringEnumMemberName("accuracy")]
    Accuracy,

    [JsonStringEnumMemberName("interaction")]
    Interaction,

    /// <summary>Change of the share of problems whose whole group failed, over the stage before RLVR.</summary>
    [JsonStringEnumMemberName("zero-success-change")]
    ZeroSuccessChange,

    /// <summary>Change of the share of groups that RLVR learns from, over the stage before it.</summary>
    [JsonStringEnumMemberName("useful-change")]
    UsefulChange,

    /// <summary>Share of cut questions that the base completes word for word.</summary>
    [JsonStringEnumMemberName("completion")]
    Completion,

    /// <summary>Of the seeds whose validation accuracy fell, the share in which a guard had fired at an earlier iteration.</summary>
    [JsonStringEnumMemberName("guarded-falls")]
    GuardedFalls,

    /// <summary>Share of all seeds whose validation accuracy fell in some stage: those that did not fall count.</summary>
    [JsonStringEnumMemberName("validation-falls")]
    ValidationFalls,

    [JsonStringEnumMemberName("coherence")]
    Coherence,

    [JsonStringEnumMemberName("validity")]
    Validity,

    /// <summary>Coherence of the traces whose answers were wrong before and after.</summary>
    [JsonStringEnumMemberName("wrong-coherence")]
    WrongCoherence,

    /// <summary>KL(base || arm) a token, in nats.</summary>
    [JsonStringEnumMemberName("divergence")]
    Divergence,

    /// <summary>Verifications and backtrackings a response.</summary>
    [JsonStringEnumMemberName("reflection")]
    Reflection,

    /// <summary>The least share of tokens, of all seeds' stages, whose ratio a bound held.</summary>
    [JsonStringEnumMemberName("clip-fraction")]
    ClipFraction,

    /// <summary>pass@k at the largest k.</summary>
    [JsonStringEnumMemberName("pass-at-k")]
    PassAtK,
}

/// <summary>Where a figure is expected.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ClaimSide>))]
public enum ClaimSide
{
    [JsonStringEnumMemberName("above")]
    Above,

    [JsonStringEnumMemberName("below")]
    Below,

    /// <summary>Nearer to zero than the bound, either way.</summary>
    [JsonStringEnumMemberName("within")]
    Within,
}
