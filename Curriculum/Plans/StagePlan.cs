using System.Text.Json.Serialization;

namespace Curriculum.Plans;

/// <summary>One method over the training pool, with its share of the arm's budget.</summary>
public sealed record StagePlan
{
    public required Method Method { get; init; }

    /// <summary>A preset for SRL and RLVR; keys that the stage sets itself take precedence. Default: none, the defaults of each key.</summary>
    public Algorithm? Algorithm { get; init; }

    /// <summary>What a completion is, for methods that use expert solutions: the next step, or the whole solution. Default: by method.</summary>
    public CompletionTarget Target { get; init; } = CompletionTarget.ByMethod;

    /// <summary>SRL on steps: whether the prompt includes the title of the next step; for families with titles. Default false.</summary>
    public bool Titles { get; init; }

    /// <summary>SRL on steps: an inner monologue before the step. Default: none.</summary>
    public MonologuePlan? Monologue { get; init; }

    /// <summary>Share of the arm's budget, above 0 and at most 1; an arm's shares sum to 1. Default 1.</summary>
    public double Share { get; init; } = 1;

    /// <summary>Problems drawn per iteration. Default 16 (SRL draws every step of each: use fewer).</summary>
    public int ProblemsPerIteration { get; init; } = 16;

    /// <summary>Trajectories per group, G. Default 8. SFT ignores it.</summary>
    public int GroupSize { get; init; } = 8;

    /// <summary>Sampling temperature. Default 1.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Longest completion in tokens. Default 96.</summary>
    public int MaxNewTokens { get; init; } = 96;

    /// <summary>Rollout work items that an iteration is fanned out into. Default 2.</summary>
    public int RolloutItems { get; init; } = 2;

    public RewardPlan Reward { get; init; } = new();

    public AdvantagePlan Advantage { get; init; } = new();

    public AdmissionPlan Admission { get; init; } = new();

    public LossPlan Loss { get; init; } = new();

    public ExpertPlan Expert { get; init; } = new();

    public ConditioningPlan Conditioning { get; init; } = new();

    public OptimizerPlan Optimizer { get; init; } = new();

    public MemoryPlan Memory { get; init; } = new();

    /// <summary>Updates between checkpoints, each of which is evaluated on the validation set. Default 10.</summary>
    public int CheckpointEvery { get; init; } = 10;

    /// <summary>Batches that one update work item trains on; SFT only, the others are on-policy. Default 1.</summary>
    public int UpdatesPerItem { get; init; } = 1;

    /// <summary>Difficulty profile. Default: none, all problems are drawn alike.</summary>
    public ProfilePlan? Profile { get; init; }

    public GuardsPlan Guards { get; init; } = new();

    public GatePlan Gate { get; init; } = new();
}

/// <summary>The training methods.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Method>))]
public enum Method
{
    /// <summary>Supervised fine-tuning on expert solutions, whole or step by step.</summary>
    [JsonStringEnumMemberName("sft")]
    Sft,

    /// <summary>Step-wise imitation of expert solutions by reinforcement learning (arXiv 2510.25992).</summary>
    [JsonStringEnumMemberName("srl")]
    Srl,

    /// <summary>Reinforcement learning with verifiable rewards on whole completions.</summary>
    [JsonStringEnumMemberName("rlvr")]
    Rlvr,

    /// <summary>Sampling, and fine-tuning on the successes (arXiv 2403.04642).</summary>
    [JsonStringEnumMemberName("expert-iteration")]
    ExpertIteration,

    /// <summary>Sampling, labelling each completion good or bad, training on the labelled text, and prompting for good (arXiv 2403.04642).</summary>
    [JsonStringEnumMemberName("return-conditioned")]
    ReturnConditioned,
}

/// <summary>What a completion is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CompletionTarget>))]
public enum CompletionTarget
{
    /// <summary>Step in SRL, solution elsewhere.</summary>
    [JsonStringEnumMemberName("by-method")]
    ByMethod,

    /// <summary>One expert step, given the question and the steps before it.</summary>
    [JsonStringEnumMemberName("step")]
    Step,

    /// <summary>The whole solution, given the question.</summary>
    [JsonStringEnumMemberName("solution")]
    Solution,
}
