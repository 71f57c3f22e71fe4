namespace GpuWorker.Training;

/// <summary>A sequence to train on.</summary>
/// <param name="Tokens">Prompt and completion.</param>
/// <param name="Start">The first token that is predicted; at least 1.</param>
/// <param name="Weights">For each predicted token its advantage, or its weight in the likelihood.</param>
/// <param name="OldLogProbs">For each predicted token its log-probability when it was sampled; null for a likelihood.</param>
internal sealed record TrainingRow(int[] Tokens, int Start, float[] Weights, float[]? OldLogProbs)
{
    /// <summary>For each predicted token its log-probability under the reference; null where there is none.</summary>
    public float[]? ReferenceLogProbs { get; init; }

    /// <summary>For each predicted token what the value of its state is trained towards; null where no values are trained.</summary>
    public float[]? Returns { get; init; }

    /// <summary>Predicted tokens, counted from the first one, that were forced and are left out of every loss; null for none.</summary>
    public IReadOnlySet<int>? ForcedTokens { get; init; }

    public int Predicted => Tokens.Length - Start;

    /// <summary>Predicted tokens that count.</summary>
    public int Trained => Predicted - (ForcedTokens?.Count ?? 0);

    /// <exception cref="ArgumentException">The lengths do not fit each other.</exception>
    public void Check(bool policyGradient)
    {
        if (Start < 1 || Predicted < 1 || Weights.Length != Predicted)
            throw new ArgumentException(
                $"Expected a row with at least one token to predict after the first and one weight for each, found {Tokens.Length} tokens, start {Start} and {Weights.Length} weights.");
        if (policyGradient && OldLogProbs?.Length != Predicted)
            throw new ArgumentException($"Expected one old log-probability for each of {Predicted} predicted tokens, found {OldLogProbs?.Length ?? 0}.");
        if ((ReferenceLogProbs?.Length ?? Predicted) != Predicted || (Returns?.Length ?? Predicted) != Predicted)
            throw new ArgumentException(
                $"Expected one reference log-probability and one return for each of {Predicted} predicted tokens, or none, found {ReferenceLogProbs?.Length ?? 0} and {Returns?.Length ?? 0}.");
        if (Trained < 1 || ForcedTokens?.Any(place => place < 0 || place >= Predicted) is true)
            throw new ArgumentException(
                $"Expected fewer forced tokens than the {Predicted} predicted ones, and all of them among those; found {string.Join(", ", ForcedTokens ?? new HashSet<int>())}.");
    }
}
