using System.Text.Json.Serialization;

namespace Curriculum.Plans;

/// <summary>Sampling, and fine-tuning on the successes so far (arXiv 2403.04642).</summary>
public sealed record ExpertIterationPlan : SuccessPlan
{
    public ExpertPlan Expert { get; init; } = new();

    /// <inheritdoc/>
    [JsonIgnore]
    public override Method Method => Method.ExpertIteration;
}
