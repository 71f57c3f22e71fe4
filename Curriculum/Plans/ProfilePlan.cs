namespace Curriculum.Plans;

/// <summary>How a stage measures the difficulty of its problems for the policy it starts from; absent for not at all.</summary>
/// <remarks>
/// The profile orders and defers, it never removes: the pool stays the one frozen for every arm. Its rollouts count toward the budget.
/// Problems are piloted as whole solutions under the ground truth, whatever the stage trains on. The bands are those of arXiv 2605.28388.
/// </remarks>
public sealed record ProfilePlan
{
    /// <summary>Rollouts of each problem. Default 8.</summary>
    public int Rollouts { get; init; } = 8;

    /// <summary>Least share of correct rollouts for a problem to be drawn. Default 0.2.</summary>
    public double Low { get; init; } = 0.2;

    /// <summary>Highest share of correct rollouts for a problem to be drawn. Default 0.8.</summary>
    public double High { get; init; } = 0.8;

    /// <summary>Problems from this share on, to <see cref="AimHigh"/>, come first in every epoch. Default 0.3.</summary>
    public double AimLow { get; init; } = 0.3;

    /// <summary>Default 0.5.</summary>
    public double AimHigh { get; init; } = 0.5;

    /// <summary>Most problems piloted before the first iteration; the others are deferred as not piloted. Default: all.</summary>
    public int? Problems { get; init; }

    /// <summary>Iterations after which some deferred problems are piloted again, with the current policy. Default 20; 0 never.</summary>
    public int AgainEvery { get; init; } = 20;

    /// <summary>Deferred problems piloted again at a time. Default 64.</summary>
    public int AgainProblems { get; init; } = 64;

    /// <summary>Problems per pilot work item. Default 64.</summary>
    public int ProblemsPerItem { get; init; } = 64;
}
