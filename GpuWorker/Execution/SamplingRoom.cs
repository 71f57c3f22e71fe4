namespace GpuWorker.Execution;

/// <summary>What memory there is for sampling and scoring beside the policies that are held.</summary>
internal sealed record SamplingRoom(long Bytes)
{
    /// <summary>What makes a rollout smaller.</summary>
    public const string RolloutAdvice = "Raise rolloutItems, lower groupSize, problemsPerIteration or maxNewTokens, set base.precision to bfloat16, or use a worker with more memory.";

    /// <summary>What makes an evaluation or a continuation smaller, of which some 320 completions are written at once.</summary>
    public const string EvaluationAdvice = "Lower maxNewTokens, or samples where there are more than 319, set base.precision to bfloat16, or use a worker with more memory.";

    /// <summary>Refuses what does not fit.</summary>
    /// <param name="what">The item and what it does at once, e.g. <c>a rollout of 64 completions</c>.</param>
    /// <param name="activations">Bytes that it takes beside the policies.</param>
    /// <param name="advice">What would make it fit.</param>
    /// <exception cref="WorkFailedException">It does not fit.</exception>
    public void Require(string what, long activations, string advice)
    {
        if (activations > Bytes)
        {
            throw new WorkFailedException(
                WorkFailedException.TooLarge,
                $"Expected {what} to fit into the {MemoryEstimate.Megabytes(Bytes)} that this worker has beside its policies (Compute:MemoryMegabytes, or what is free); it takes about {MemoryEstimate.Megabytes(activations)}. {advice}");
        }
    }
}
