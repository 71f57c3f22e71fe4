using System.Text.Json.Serialization;

namespace Curriculum.Plans;

/// <summary>Sampling, and fine-tuning on the best completions of each group (reward-ranked fine-tuning, arXiv 2304.06767).</summary>
public sealed record BestOfNPlan : SampledStagePlan
{
    /// <summary>What a completion is: one step after those before it, or the whole solution. Default solution.</summary>
    public CompletionTarget Target { get; init; } = CompletionTarget.Solution;

    /// <summary>Completions of each group that are trained on, the best first; those that are not above the group's mean are left out. Default 1.</summary>
    public int Best { get; init; } = 1;

    /// <inheritdoc/>
    [JsonIgnore]
    public override Method Method => Method.BestOfN;

    /// <inheritdoc/>
    [JsonIgnore]
    public override CompletionTarget Completion => Target;

    /// <inheritdoc/>
    [JsonIgnore]
    public override bool IsCompared => Target == CompletionTarget.Step;
}
