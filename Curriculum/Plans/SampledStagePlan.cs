using System.Text.Json.Serialization;

namespace Curriculum.Plans;

/// <summary>A stage that samples groups of completions, rewards them and admits some.</summary>
public abstract record SampledStagePlan : StagePlan
{
    /// <summary>Trajectories per group, G. Default 8.</summary>
    public int GroupSize { get; init; } = 8;

    /// <summary>Sampling temperature. Default 1.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Rollout work items that an iteration is fanned out into; 0 for a colocated stage, of which one worker runs several whole iterations in one item. Default 2.</summary>
    public int RolloutItems { get; init; } = 2;

    /// <inheritdoc/>
    [JsonIgnore]
    public sealed override bool IsColocated => RolloutItems == 0;

    public RewardPlan Reward { get; init; } = new();

    public AdmissionPlan Admission { get; init; } = new();

    /// <summary>Whether completions are held against what the expert wrote, instead of having their answers judged.</summary>
    [JsonIgnore]
    public abstract bool IsCompared { get; }

    /// <inheritdoc/>
    [JsonIgnore]
    public sealed override bool NeedsDemonstrations => IsCompared;

    /// <summary>The reward that counts: what the plan says, else step similarity where completions are compared and ground truth elsewhere.</summary>
    [JsonIgnore]
    public RewardKind RewardKind => Reward.Kind != RewardKind.ByMethod ? Reward.Kind
        : IsCompared ? RewardKind.StepSimilarity : RewardKind.GroundTruth;
}
