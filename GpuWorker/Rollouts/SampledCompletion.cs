namespace GpuWorker.Rollouts;

/// <summary>A completion as it was written: what came before the action, and the action that is judged.</summary>
/// <param name="Before">The monologue and its closing tag; empty without one.</param>
/// <param name="BeforeLogProbs">Of each of these; 0 where the token was given.</param>
/// <param name="Given">Places in <paramref name="Before"/> of tokens that were given.</param>
/// <param name="Action">What is judged.</param>
internal sealed record SampledCompletion(int[] Before, float[] BeforeLogProbs, IReadOnlyList<int> Given, Completion Action);

/// <summary>The completions of each prompt and the tokens that were read or written for them.</summary>
internal sealed record SampledCompletions(SampledCompletion[][] Completions, long ForwardTokens);
