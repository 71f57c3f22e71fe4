namespace Curriculum.Plans;

/// <summary>How the small base policy is pretrained on generated text of the two-dials family.</summary>
public sealed record PretrainPlan
{
    /// <summary>The vetted <see cref="Drift"/>.</summary>
    /// <remarks>A wrong result is always too high: errors of both signs would cancel often enough for outcome rewards to find hard problems solved.</remarks>
    public const double StandardDrift = 0.75;

    /// <summary>Optimiser steps. Default 1800.</summary>
    public int Updates { get; init; } = 1800;

    /// <summary>Texts per step. Default 24.</summary>
    public int Rows { get; init; } = 24;

    /// <summary>
    /// Seed of the initial weights and of the texts. Default 4, with which the base meets its criterion under every drift that was tried; with others it may not
    /// come to the arithmetic in so few steps (docs/LOG.md).
    /// </summary>
    public int Seed { get; init; } = 4;

    /// <summary>
    /// Error rate of the long texts: the probability that a result in them is one too high, 0 to 1. Default 0.75, a base that fails at hard
    /// problems; below 0.5 the likeliest line is correct, and the base sometimes solves hard problems.
    /// </summary>
    public double Drift { get; init; } = StandardDrift;

    /// <summary>
    /// Probability that a line of the long texts is written again, with the right result, 0 to 1: a verification where it was right, a backtracking where
    /// it was not. Default 0, a base that never looks back.
    /// </summary>
    public double Rewritten { get; init; }
}
