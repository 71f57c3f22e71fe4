using Curriculum.Plans;
using Curriculum.Problems;

namespace Curriculum.Work;

/// <summary>Samples one group per prompt and rewards each trajectory; answers with a <see cref="RolloutOutput"/>.</summary>
public sealed record RolloutItem : WorkItem
{
    public required StateRef Policy { get; init; }

    public required IReadOnlyList<RolloutPrompt> Prompts { get; init; }

    public required int GroupSize { get; init; }

    public required double Temperature { get; init; }

    public required int MaxNewTokens { get; init; }

    /// <summary>The reward, with <see cref="RewardKind.ByMethod"/> already resolved.</summary>
    public required RewardPlan Reward { get; init; }

    /// <summary>Key of the random draws; a draw is a function of it and (problem, step, sample, position).</summary>
    public required string DrawKey { get; init; }

    /// <summary>Characters that the policy must know; those that it does not are added to its vocabulary. Null for none.</summary>
    public string? Characters { get; init; }

    /// <summary>Longest monologue before an action; 0 for none.</summary>
    public int MonologueTokens { get; init; }

    /// <summary>The policy whose log-probabilities are wanted beside the sampling policy's; null for none.</summary>
    public StateRef? Reference { get; init; }

    /// <summary>Whether the value of each state that a token was written in is wanted.</summary>
    public bool Values { get; init; }
}

/// <summary>What one group is sampled for.</summary>
public sealed record RolloutPrompt
{
    public required Problem Problem { get; init; }

    /// <summary>Index of the expert step to write (SRL), or null for the whole solution.</summary>
    public int? Step { get; init; }

    /// <summary>The beginning of the step that is given in the prompt; empty for none.</summary>
    public string Title { get; init; } = "";

    /// <summary>The answer that the rewards by vote take for right; null where no sample of the base had one.</summary>
    public string? Label { get; init; }
}
