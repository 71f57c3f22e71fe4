using System.Text.Json.Serialization;

namespace Curriculum.Plans;

/// <summary>Sampling, labelling each completion good or bad, training on the labelled text, and asking for good (arXiv 2403.04642).</summary>
public sealed record ReturnConditionedPlan : SuccessPlan
{
    public ConditioningPlan Conditioning { get; init; } = new();

    /// <inheritdoc/>
    [JsonIgnore]
    public override Method Method => Method.ReturnConditioned;
}
