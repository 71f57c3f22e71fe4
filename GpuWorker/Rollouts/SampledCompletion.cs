namespace GpuWorker.Rollouts;

/// <summary>A completion: what comes before the action, and the action, which alone is graded.</summary>
/// <param name="Before">The monologue and its closing tag; empty without one.</param>
/// <param name="BeforeLogProbs">Of each of these; 0 where the token was forced.</param>
/// <param name="ForcedTokens">Positions in <paramref name="Before"/> of tokens that were forced.</param>
/// <param name="Action">What is graded.</param>
internal sealed record SampledCompletion(int[] Before, float[] BeforeLogProbs, IReadOnlyList<int> ForcedTokens, Completion Action);

/// <summary>The completions of each prompt and the tokens that were read or written for them.</summary>
internal sealed record SampledCompletions(SampledCompletion[][] Completions, long ForwardTokens);
