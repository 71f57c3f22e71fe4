namespace Curriculum.Plans;

/// <summary>Return-conditioned RL: what is trained on beside the successes.</summary>
public sealed record ConditioningPlan
{
    /// <summary>Most failures for each success of an iteration. Default: all there are, for evening the two out hurts (arXiv 2403.04642).</summary>
    public double? MaximumFailures { get; init; }
}
