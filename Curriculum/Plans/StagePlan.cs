using System.Text.Json.Serialization;

namespace Curriculum.Plans;

/// <summary>One method over the training pool, with its share of the arm's budget.</summary>
public sealed record StagePlan
{
    public required Method Method { get; init; }

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

    public OptimizerPlan Optimizer { get; init; } = new();

    /// <summary>Every so many updates the state is kept as a checkpoint and evaluated on the validation set. Default 10.</summary>
    public int CheckpointEvery { get; init; } = 10;

    /// <summary>Batches that one update work item trains on; SFT only, the others are on-policy. Default 1.</summary>
    public int UpdatesPerItem { get; init; } = 1;

    /// <summary>Default: no profile, every problem is drawn alike.</summary>
    public ProfilePlan? Profile { get; init; }

    public GuardsPlan Guards { get; init; } = new();

    public GatePlan Gate { get; init; } = new();
}

/// <summary>The training methods.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Method>))]
public enum Method
{
    /// <summary>Supervised fine-tuning on whole expert solutions.</summary>
    [JsonStringEnumMemberName("sft")]
    Sft,

    /// <summary>Step-wise imitation of expert solutions by reinforcement (arXiv 2510.25992).</summary>
    [JsonStringEnumMemberName("srl")]
    Srl,

    /// <summary>Reinforcement with verifiable rewards on whole completions.</summary>
    [JsonStringEnumMemberName("rlvr")]
    Rlvr,
}
