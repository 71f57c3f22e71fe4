using Curriculum.Work;
using GpuWorker.Items;
using GpuWorker.Memory;
using GpuWorker.Policies;

namespace GpuWorker.Rollouts;

/// <summary>Continues texts greedily and with samples at temperature 1, and keeps what was written.</summary>
internal static class ContinuationWork
{
    private const int MaxSequences = 320;

    /// <exception cref="WorkFailedException">The item is invalid or does not fit.</exception>
    public static ContinueOutput Execute(ContinueItem item, LoadedPolicy policy, MemoryHeadroom headroom, Action<double> heartbeat)
    {
        if (item.Prompts.Count == 0 || item.Samples < 0 || item.MaxNewTokens < 1)
            throw Bad($"Expected prompts, at least 0 samples and a length above 0, found {item.Prompts.Count}, {item.Samples} and {item.MaxNewTokens}.");

        try
        {
            var chunks = item.Prompts.Chunk(Math.Max(1, MaxSequences / (item.Samples + 1))).ToArray();
            var prompts = chunks.Select(chunk => chunk.Select(prompt => Prompt(item, prompt, policy)).ToArray()).ToArray();
            headroom.Require(
                $"continuations of {prompts.Max(chunk => chunk.Sum(prompt => prompt.Branches.Count))} completions at once",
                SamplingMemory.Of(policy.Weights, prompts, item.MaxNewTokens),
                MemoryHeadroom.EvaluationAdvice);
            List<Continuation> continuations = [];
            for (var i = 0; i < chunks.Length; i++)
            {
                var done = i;
                var completions = Completions.Generate(policy, prompts[i], item.MaxNewTokens, 1, share => heartbeat((done + share) / chunks.Length));
                continuations.AddRange(chunks[i].Select((prompt, index) => Written(prompt, completions[index], policy)));
            }

            return new() { Continuations = continuations };
        }
        catch (Exception error) when (error is FormatException or ArgumentException or KeyNotFoundException)
        {
            throw Bad(error.Message, error);
        }
    }

    private static GenerationPrompt Prompt(ContinueItem item, ContinuePrompt prompt, LoadedPolicy policy) => new(
        item.Asked ? policy.Prompt(policy.Prefix + prompt.Text) : policy.Tokenizer.EncodePrompt(prompt.Text),
        policy.Tokenizer.StopTokens(prompt.Stop),
        [null, .. Enumerable.Range(0, item.Samples).Select(sample => Draws.Of(item.DrawKey, prompt.Key, null, sample))]);

    private static Continuation Written(ContinuePrompt prompt, Completion[] completions, LoadedPolicy policy)
    {
        var texts = completions.Select(completion => CompletionText.Of(policy.Tokenizer, completion.Tokens, prompt.Stop)).ToArray();
        return new(prompt.Key, texts[0], texts[1..]);
    }

    private static WorkFailedException Bad(string message, Exception? inner = null) => new(WorkFailedException.BadItem, message, inner);
}
