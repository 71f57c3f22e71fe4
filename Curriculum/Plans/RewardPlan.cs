using System.Text.Json.Serialization;

namespace Curriculum.Plans;

/// <summary>How a trajectory is rewarded. SRL stages use step similarity, RLVR stages the ground truth, unless said otherwise.</summary>
public sealed record RewardPlan
{
    /// <summary>Default: by method.</summary>
    public RewardKind Kind { get; init; } = RewardKind.ByMethod;

    /// <summary>Whether a completion is <c>&lt;think&gt;monologue&lt;/think&gt;action</c>, of which only the action is rewarded. Default false.</summary>
    public bool Monologue { get; init; }

    /// <summary>CPython difflib's popular-element heuristic in the step similarity. Default false.</summary>
    public bool Autojunk { get; init; }

    /// <summary>Success probability of the random reward. Default 0.5.</summary>
    public double Gamma { get; init; } = 0.5;
}

/// <summary>The rewards.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RewardKind>))]
public enum RewardKind
{
    /// <summary>Step similarity in SRL, ground truth in RLVR.</summary>
    [JsonStringEnumMemberName("by-method")]
    ByMethod,

    /// <summary>1 if the verifier accepts the answer, else 0.</summary>
    [JsonStringEnumMemberName("ground-truth")]
    GroundTruth,

    /// <summary>Ratcliff-Obershelp similarity of the action and the expert's step; -1 if malformed.</summary>
    [JsonStringEnumMemberName("step-similarity")]
    StepSimilarity,

    /// <summary>Bernoulli with probability gamma, whatever was written: a control.</summary>
    [JsonStringEnumMemberName("random")]
    Random,
}
