using System.Text.Json.Serialization;

namespace Curriculum.Plans;

/// <summary>Reinforcement with verifiable rewards on whole solutions.</summary>
public sealed record RlvrPlan : PolicyGradientPlan
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override Method Method => Method.Rlvr;

    /// <inheritdoc/>
    [JsonIgnore]
    public override CompletionTarget Completion => CompletionTarget.Solution;

    /// <inheritdoc/>
    [JsonIgnore]
    public override bool IsCompared => false;
}
