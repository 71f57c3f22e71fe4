namespace GpuWorker.Training;

/// <summary>A sequence to train on.</summary>
/// <param name="Tokens">Prompt and completion.</param>
/// <param name="Start">The first token that is predicted; at least 1.</param>
/// <param name="Weights">For each predicted token its advantage, or its weight in the likelihood.</param>
/// <param name="OldLogProbs">For each predicted token its log-probability when it was sampled; null for a likelihood.</param>
internal sealed record TrainingRow(int[] Tokens, int Start, float[] Weights, float[]? OldLogProbs)
{
    public int Predicted => Tokens.Length - Start;

    /// <exception cref="ArgumentException">The lengths do not fit each other.</exception>
    public void Check(bool policyGradient)
    {
        if (Start < 1 || Predicted < 1 || Weights.Length != Predicted)
            throw new ArgumentException($"Expected a row with at least one token to predict after the first and one weight for each, found {Tokens.Length} tokens, start {Start} and {Weights.Length} weights.");
        if (policyGradient && OldLogProbs?.Length != Predicted)
            throw new ArgumentException($"Expected one old log-probability for each of {Predicted} predicted tokens, found {OldLogProbs?.Length ?? 0}.");
    }
}
