using System.Text.Json.Serialization;

namespace Curriculum.Plans;

/// <summary>How a trajectory is rewarded. By default single steps are rewarded for their similarity, whole solutions for their answer.</summary>
public sealed record RewardPlan
{
    /// <summary>Default: by method.</summary>
    public RewardKind Kind { get; init; } = RewardKind.ByMethod;

    /// <summary>Whether the reward is inverted: 1 - r. Malformed text gains nothing by it, except with the kinds format and random. Default false.</summary>
    public bool Inverse { get; init; }

    /// <summary>A second required reward: the lower of the two counts. Default: none.</summary>
    public RewardKind? And { get; init; }

    /// <summary>CPython difflib's popular-element heuristic in the step similarity. Default false.</summary>
    public bool Autojunk { get; init; }

    /// <summary>Longest expert step (or whole solution, if that is the target) for the step similarity, in characters (Unicode code points): a run with a
    /// longer one is refused before it trains. Default: 8192.</summary>
    public int? LongestTarget { get; init; }

    /// <summary>Success probability of the random reward. Default 0.5.</summary>
    public double Gamma { get; init; } = 0.5;

    /// <summary>Samples of the base per problem that vote on its label, for the rewards majority-vote and incorrect. Default 64.</summary>
    public int Votes { get; init; } = 64;

    /// <summary>DAPO's soft overlong penalty: the last share of maxNewTokens, over which it goes from 0 to -1. Default: no penalty; DAPO 0.2.</summary>
    public double? OverlongBuffer { get; init; }
}

/// <summary>The rewards.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<RewardKind>))]
public enum RewardKind
{
    /// <summary>Step similarity in SRL and for single steps, ground truth for whole solutions.</summary>
    [JsonStringEnumMemberName("by-method")]
    ByMethod,

    /// <summary>1 if the verifier accepts the answer, else 0.</summary>
    [JsonStringEnumMemberName("ground-truth")]
    GroundTruth,

    /// <summary>Ratcliff-Obershelp similarity of the action and the expert's step; -1 if malformed.</summary>
    [JsonStringEnumMemberName("step-similarity")]
    StepSimilarity,

    /// <summary>How close the number is to the correct one, 0 to 1 (arXiv 2507.10532).</summary>
    [JsonStringEnumMemberName("continuous")]
    Continuous,

    /// <summary>1 if the answer is the majority answer of the base's samples.</summary>
    [JsonStringEnumMemberName("majority-vote")]
    MajorityVote,

    /// <summary>Majority vote, only over problems whose majority answer is wrong: a control.</summary>
    [JsonStringEnumMemberName("incorrect")]
    Incorrect,

    /// <summary>1 if the completion has the expected form, correct or not: a control.</summary>
    [JsonStringEnumMemberName("format")]
    Format,

    /// <summary>Bernoulli with probability gamma, whatever was written: a control.</summary>
    [JsonStringEnumMemberName("random")]
    Random,
}
