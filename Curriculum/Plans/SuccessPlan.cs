using System.Text.Json.Serialization;

namespace Curriculum.Plans;

/// <summary>A stage that trains on what it sampled by likelihood, as successes or not.</summary>
public abstract record SuccessPlan : SampledStagePlan
{
    /// <summary>What a completion is: one step after those before it, or the whole solution. Default solution.</summary>
    public CompletionTarget Target { get; init; } = CompletionTarget.Solution;

    /// <summary>Least reward of a success. Default 1.</summary>
    public double Success { get; init; } = 1;

    /// <inheritdoc/>
    [JsonIgnore]
    public sealed override CompletionTarget Completion => Target;

    /// <inheritdoc/>
    [JsonIgnore]
    public sealed override bool IsCompared => Target == CompletionTarget.Step;
}
