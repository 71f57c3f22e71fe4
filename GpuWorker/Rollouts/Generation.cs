using System.Collections.Frozen;

namespace GpuWorker.Rollouts;

/// <summary>A prompt and the completions to sample from it.</summary>
/// <param name="Tokens">The prompt, at least one token.</param>
/// <param name="StopTokens">The tokens after which a completion ends.</param>
/// <param name="Branches">
/// For each completion the uniform draw in [0, 1) for each position; null for greedy decoding.
/// </param>
internal sealed record GenerationPrompt(int[] Tokens, IReadOnlySet<int> StopTokens, IReadOnlyList<Func<int, double>?> Branches)
{
    /// <summary>A prompt whose completions end after one token.</summary>
    public GenerationPrompt(int[] tokens, int stop, IReadOnlyList<Func<int, double>?> branches)
        : this(tokens, FrozenSet.Create(stop), branches)
    {
    }
}

/// <summary>A completion.</summary>
/// <param name="Tokens">Including the stop token if it was reached.</param>
/// <param name="LogProbs">Of each token under the sampling policy, at the sampling temperature.</param>
/// <param name="Terminated">Whether the stop token was reached.</param>
internal sealed record Completion(int[] Tokens, float[] LogProbs, bool Terminated);
