namespace Curriculum.Plans;

/// <summary>Return-conditioned RL: what to train on besides the successes.</summary>
public sealed record ConditioningPlan
{
    /// <summary>Most failures per success in an iteration. Default: all, since balancing the two hurts (arXiv 2403.04642).</summary>
    public double? MaximumFailures { get; init; }
}
