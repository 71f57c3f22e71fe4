namespace Curriculum.Plans;

/// <summary>An inner monologue before each step: the opening tag is in the prompt, the policy writes, and the closing tag is forced if the policy does not write it.</summary>
/// <remarks>Tags that are given are not trained on; the monologue and the action both carry the advantage, and the action alone is rewarded.</remarks>
public sealed record MonologuePlan
{
    /// <summary>Longest monologue in tokens. Default 16.</summary>
    public int MaxTokens { get; init; } = 16;
}
