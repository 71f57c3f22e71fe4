using System.Text.Json.Serialization;

namespace Curriculum.Plans;

/// <summary>How a trajectory is rewarded. Single steps are rewarded for their similarity, whole solutions for their answer, unless said otherwise.</summary>
public sealed record RewardPlan
{
    /// <summary>Default: by method.</summary>
    public RewardKind Kind { get; init; } = RewardKind.ByMethod;

    /// <summary>Whether the kind is turned round: 1 - r. What is malformed earns no more by it, but for the kinds format and random. Default false.</summary>
    public bool Inverse { get; init; }

    /// <summary>A second reward that is asked for as well: the lower of the two counts. Default: none.</summary>
    public RewardKind? And { get; init; }

    /// <summary>CPython difflib's popular-element heuristic in the step similarity. Default false.</summary>
    public bool Autojunk { get; init; }

    /// <summary>Longest expert step, or whole solution where that is the target, that the step similarity takes, in characters (Unicode code points): a run with a longer one is refused before it trains. Default: 8192.</summary>
    public int? LongestTarget { get; init; }

    /// <summary>Success probability of the random reward. Default 0.5.</summary>
    public double Gamma { get; init; } = 0.5;

    /// <summary>Samples of the base per problem that vote on its label, for the rewards majority-vote and incorrect. Default 64.</summary>
    public int Votes { get; init; } = 64;

    /// <summary>Least reward of a success, for methods that take successes alone. Default 1.</summary>
    public double Success { get; init; } = 1;

    /// <summary>DAPO's soft overlong penalty: the share of maxNewTokens at whose end it grows from 0 to -1. Default: no penalty; DAPO 0.2.</summary>
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

    /// <summary>How near the number comes to the right one, 0 to 1 (arXiv 2507.10532).</summary>
    [JsonStringEnumMemberName("continuous")]
    Continuous,

    /// <summary>1 if the answer is the one that most of the base's samples gave.</summary>
    [JsonStringEnumMemberName("majority-vote")]
    MajorityVote,

    /// <summary>Majority vote over the problems alone whose majority is wrong: a control.</summary>
    [JsonStringEnumMemberName("incorrect")]
    Incorrect,

    /// <summary>1 if the completion has the expected form, whatever its worth: a control.</summary>
    [JsonStringEnumMemberName("format")]
    Format,

    /// <summary>Bernoulli with probability gamma, whatever was written: a control.</summary>
    [JsonStringEnumMemberName("random")]
    Random,
}
