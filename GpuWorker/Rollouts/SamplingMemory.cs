using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Work;
using GpuWorker.Memory;
using GpuWorker.Policies;
using GpuWorker.Training;

namespace GpuWorker.Rollouts;

/// <summary>The memory that sampling takes beside the policies, estimated from the tokenized prompts before the first is read.</summary>
internal static class SamplingMemory
{
    /// <summary>Completions of prompts, one chunk after another.</summary>
    public static long Of(PolicyWeights policy, IEnumerable<IReadOnlyList<GenerationPrompt>> chunks, int newTokens) =>
        chunks.Max(chunk => Of(policy, ShapeOf(chunk, newTokens)));

    /// <summary>Scoring so many tokens at once.</summary>
    public static long OfScoring(PolicyWeights policy, long tokens) => MemoryEstimate.OfScoring(policy.Config, Precision(policy), tokens).Activations;

    /// <summary>A rollout: its completions, an action after each monologue, and the scores of a reference or a value head.</summary>
    public static long Of(RolloutItem item, IReadOnlyList<GenerationPrompt> prompts, LoadedPolicy policy, bool scored)
    {
        var plain = ShapeOf(prompts, item.MaxNewTokens);
        var most = Of(policy.Weights, plain);
        var before = 0L;
        if (item.MonologueTokens > 0)
        {
            before = item.MonologueTokens + item.Prompts.Max(prompt => policy.Tokenizer.Encode(ProblemFamilies.Get(prompt.Problem.Family).Tags.Close).Length);
            most = Math.Max(
                Of(policy.Weights, plain with { NewTokens = item.MonologueTokens }),
                Of(policy.Weights, plain with { Prompts = plain.Completions, PromptTokens = plain.PromptTokens + before }));
        }

        if (!scored)
            return most;
        var longest = Pack.LongestOf((int)plain.PromptTokens, (int)(before + plain.NewTokens), item.GroupSize);
        return Math.Max(most, OfScoring(policy.Weights, Math.Max(new MemoryPlan().MicroBatchTokens, longest)));
    }

    /// <summary>The size of a batch of prompts, each with its completions.</summary>
    public static SamplingShape ShapeOf(IReadOnlyCollection<GenerationPrompt> prompts, int newTokens) =>
        new(prompts.Count, prompts.Sum(prompt => (long)prompt.Branches.Count), prompts.Max(prompt => prompt.Tokens.Length), newTokens);

    /// <summary>The policy and what sampling takes beside it.</summary>
    public static MemoryEstimate Estimate(PolicyConfig config, Precision precision, SamplingShape shape) =>
        MemoryEstimate.OfSampling(config, precision, shape, TokenSampler.BytesPerLogit(config.VocabSize, MemoryEstimate.SizeOf(precision)));

    private static long Of(PolicyWeights policy, SamplingShape shape) => Estimate(policy.Config, Precision(policy), shape).Activations;

    private static Precision Precision(PolicyWeights policy) => policy.Parameters.IsLowPrecision ? Curriculum.Plans.Precision.BFloat16 : Curriculum.Plans.Precision.Float32;
}
