using GpuWorker.Policies;
using GpuWorker.Rollouts.Lanes;

namespace GpuWorker.Rollouts;

/// <summary>Samples completions the fastest way that a policy and this worker allow.</summary>
internal static class Completions
{
    /// <summary>The completions of each prompt, in the order of its branches.</summary>
    /// <param name="policy">Sampled with rows in vector lanes where it is packed for them, with tensors otherwise.</param>
    /// <param name="prompts">What to continue.</param>
    /// <param name="maxNewTokens">Where a completion without a stop token is truncated.</param>
    /// <param name="temperature">Of the draws.</param>
    /// <param name="heartbeat">Called every few tokens with the share that is done; may throw to cancel.</param>
    public static Completion[][] Generate(
        LoadedPolicy policy, IReadOnlyList<GenerationPrompt> prompts, int maxNewTokens, double temperature, Action<double> heartbeat) =>
        LanesFit.Fits(policy.Weights.Config, maxNewTokens) && policy.Packed is { } packed
            ? new LaneGenerator(packed).Generate(prompts, maxNewTokens, temperature, heartbeat)
            : new CompletionGenerator(policy.Weights).Generate(prompts, maxNewTokens, temperature, heartbeat);
}
