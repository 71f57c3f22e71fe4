using System.Text.Json.Serialization;

namespace Curriculum.Plans;

/// <summary>Step-wise reinforcement of the similarity to expert steps (arXiv 2510.25992).</summary>
public sealed record SrlPlan : PolicyGradientPlan
{
    /// <summary>What a completion is: one expert step after those before it, or the whole solution. Default step.</summary>
    public CompletionTarget Target { get; init; } = CompletionTarget.Step;

    /// <summary>On steps: whether the title of the step to write stands in the prompt; for families that have titles. Default false.</summary>
    public bool Titles { get; init; }

    /// <summary>On steps: an inner monologue before the step. Default: none.</summary>
    public MonologuePlan? Monologue { get; init; }

    /// <inheritdoc/>
    [JsonIgnore]
    public override Method Method => Method.Srl;

    /// <inheritdoc/>
    [JsonIgnore]
    public override CompletionTarget Completion => Target;

    /// <inheritdoc/>
    [JsonIgnore]
    public override bool IsCompared => true;

    /// <inheritdoc/>
    [JsonIgnore]
    public override bool MustUpdate => true;
}
