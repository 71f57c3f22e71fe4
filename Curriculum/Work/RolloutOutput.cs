namespace Curriculum.Work;

/// <summary>The trajectory groups of a <see cref="RolloutItem"/>, in the order of its prompts.</summary>
public sealed record RolloutOutput : WorkOutput
{
    public required IReadOnlyList<TrajectoryGroup> Groups { get; init; }

    /// <summary>The tokens that the policy read or wrote: each prompt once, since its group shares it, and every completion. One compute unit each.</summary>
    public required long ForwardTokens { get; init; }
}

/// <summary>All trajectories of one prompt.</summary>
public sealed record TrajectoryGroup
{
    public required string ProblemId { get; init; }

    public int? Step { get; init; }

    /// <summary>The prompt's tokens, a prefilled beginning of the completion included.</summary>
    public required IReadOnlyList<int> PromptTokens { get; init; }

    public required IReadOnlyList<Trajectory> Trajectories { get; init; }
}

/// <summary>One sampled completion.</summary>
public sealed record Trajectory
{
    /// <summary>Completion tokens, the stop token included when it was reached.</summary>
    public required IReadOnlyList<int> Tokens { get; init; }

    /// <summary>Log-probability of each completion token under the policy that drew it: at the temperature of the draw.</summary>
    public required IReadOnlyList<float> LogProbs { get; init; }

    public required string Text { get; init; }

    /// <summary>Whether the stop token was reached within the limit.</summary>
    public required bool Terminated { get; init; }

    /// <summary>Never overwritten by an advantage.</summary>
    public required double Reward { get; init; }

    /// <summary>What comes to the reward for its length before advantages are taken, 0 or less; admission looks at the reward alone.</summary>
    public double Penalty { get; init; }

    /// <summary>Positions of tokens that were forced, not sampled by the policy: they are not trained on. Null for none.</summary>
    public IReadOnlyList<int>? ForcedTokens { get; init; }

    /// <summary>Log-probability of each token under the reference policy; null where none was asked for.</summary>
    public IReadOnlyList<float>? ReferenceLogProbs { get; init; }

    /// <summary>Value of the state that each token was written in; null where none was asked for.</summary>
    public IReadOnlyList<float>? Values { get; init; }

    /// <summary>Whether the completion has the expected form, whatever its worth.</summary>
    public required bool WellFormed { get; init; }

    /// <summary>Why the verifier gave no verdict of its own, such as <c>timed-out</c>; null where it gave one.</summary>
    public string? VerifierLabel { get; init; }
}
