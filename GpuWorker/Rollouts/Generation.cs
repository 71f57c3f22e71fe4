using System.Collections.Frozen;

namespace GpuWorker.Rollouts;

/// <summary>A prompt and the branches that are generated from it.</summary>
/// <param name="Tokens">The prompt, at least one token.</param>
/// <param name="Stops">The tokens after which a completion ends.</param>
/// <param name="Branches">
/// For each completion the draw, uniform in [0, 1), that decides the token at a position of it; null for the likeliest token.
/// </param>
internal sealed record GenerationPrompt(int[] Tokens, IReadOnlySet<int> Stops, IReadOnlyList<Func<int, double>?> Branches)
{
    /// <summary>A prompt whose completions end after one token.</summary>
    public GenerationPrompt(int[] tokens, int stop, IReadOnlyList<Func<int, double>?> branches)
        : this(tokens, FrozenSet.Create(stop), branches)
    {
    }
}

/// <summary>A completion.</summary>
/// <param name="Tokens">The stop token included where it was reached.</param>
/// <param name="LogProbs">Of each token under the policy that drew it: at the temperature of the draw.</param>
/// <param name="Terminated">Whether the stop token was reached.</param>
internal sealed record Completion(int[] Tokens, float[] LogProbs, bool Terminated);
