using GpuWorker.Items;

namespace GpuWorker.Memory;

/// <summary>Memory left for sampling and scoring beside the resident policies.</summary>
internal sealed record MemoryHeadroom(long Bytes)
{
    /// <summary>How to make a rollout smaller.</summary>
    public const string RolloutAdvice = "Raise rolloutItems, lower groupSize, problemsPerIteration or maxNewTokens, set base.precision to bfloat16, or use a worker with more memory.";

    /// <summary>How to make an evaluation or a continuation smaller; about 320 completions are sampled at once.</summary>
    public const string EvaluationAdvice = "Lower maxNewTokens (or samples, if above 319), set base.precision to bfloat16, or use a worker with more memory.";

    /// <summary>Refuses what does not fit.</summary>
    /// <param name="what">The item and its batch, e.g. <c>a rollout of 64 completions</c>.</param>
    /// <param name="activations">Bytes that it takes beside the policies.</param>
    /// <param name="advice">What would make it fit.</param>
    /// <exception cref="WorkFailedException">It does not fit.</exception>
    public void Require(string what, long activations, string advice)
    {
        if (activations > Bytes)
        {
            throw new WorkFailedException(
                WorkFailedException.TooLarge,
                $"Expected {what} to fit into the {MemoryEstimate.Megabytes(Bytes)} that this worker has left beside its policies (Compute:MemoryMegabytes, or the free memory); it takes about {MemoryEstimate.Megabytes(activations)}. {advice}");
        }
    }
}
