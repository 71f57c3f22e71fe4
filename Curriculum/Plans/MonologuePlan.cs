namespace Curriculum.Plans;

/// <summary>An inner monologue before each step: the opening tag is given, the policy writes, and the closing tag is set for it where it does not come to one.</summary>
/// <remarks>Tags that are given are not trained on; the monologue and the action both carry the advantage, and the action alone is rewarded.</remarks>
public sealed record MonologuePlan
{
    /// <summary>Longest monologue in tokens. Default 16.</summary>
    public int MaxTokens { get; init; } = 16;
}
