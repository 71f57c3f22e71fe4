using Curriculum.Work;
using GpuWorker.Policies;

namespace GpuWorker.Rollouts;

/// <summary>Completions without a monologue.</summary>
internal static class PlainSampling
{
    public static SampledCompletions Sample(RolloutItem item, GenerationPrompt[] prompts, LoadedPolicy policy, Action<double> heartbeat)
    {
        var completions = Completions.Generate(policy, prompts, item.MaxNewTokens, item.Temperature, heartbeat);
        return new(
            [.. completions.Select(group => group.Select(action => new SampledCompletion([], [], [], action)).ToArray())],
            prompts.Sum(prompt => (long)prompt.Tokens.Length) + completions.Sum(group => group.Sum(action => (long)action.Tokens.Length)));
    }
}
