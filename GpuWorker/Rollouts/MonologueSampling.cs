using Curriculum.Problems;
using Curriculum.Work;
using GpuWorker.Policies;

namespace GpuWorker.Rollouts;

/// <summary>Completions of a monologue and an action: the opening tag is in the prompt, and the closing tag is forced where the policy does not write it.</summary>
/// <remarks>
/// The action is then sampled once after each monologue, so a prompt is read once for its group and once more for each action, and counted so in the
/// forward tokens. The draws of an action start where those of the longest monologue end.
/// </remarks>
internal static class MonologueSampling
{
    public static SampledCompletions Sample(RolloutItem item, GenerationPrompt[] prompts, LoadedPolicy policy, Action<double> heartbeat)
    {
        var tokenizer = policy.Tokenizer;
        var tags = item.Prompts.Select(prompt => ProblemFamilies.Get(prompt.Problem.Family).Tags.Close).ToArray();
        GenerationPrompt[] thinking = [.. prompts.Select((prompt, index) => prompt with { StopTokens = tokenizer.StopTokens(tags[index][^1]) })];
        var monologues = Completions.Generate(policy, thinking, item.MonologueTokens, item.Temperature, share => heartbeat(share / 2));

        var before = prompts.Select((_, index) => monologues[index].Select(monologue => Closed(monologue, tags[index], policy)).ToArray()).ToArray();
        GenerationPrompt[] acting =
        [
            .. prompts.SelectMany((prompt, index) => before[index].Select((said, sample) => prompt with
            {
                Tokens = [.. prompt.Tokens, .. said.Tokens],
                Branches = [position => prompt.Branches[sample]!(item.MonologueTokens + position)],
            })),
        ];
        var actions = Completions.Generate(policy, acting, item.MaxNewTokens, item.Temperature, share => heartbeat(0.5 + share / 2));

        var next = 0;
        var completions = before
            .Select(group => group.Select(said => new SampledCompletion(said.Tokens, said.LogProbs, said.ForcedTokens, actions[next++][0])).ToArray())
            .ToArray();
        return new(
            completions,
            prompts.Sum(prompt => (long)prompt.Tokens.Length) + monologues.Sum(group => group.Sum(monologue => (long)monologue.Tokens.Length))
                + acting.Sum(prompt => (long)prompt.Tokens.Length) + actions.Sum(action => (long)action[0].Tokens.Length));
    }

    private static (int[] Tokens, float[] LogProbs, int[] ForcedTokens) Closed(Completion monologue, string tag, LoadedPolicy policy)
    {
        if (policy.Tokenizer.Decode(monologue.Tokens).EndsWith(tag, StringComparison.Ordinal))
            return (monologue.Tokens, monologue.LogProbs, []);
        var closing = policy.Tokenizer.Encode(tag);
        return (
            [.. monologue.Tokens, .. closing],
            [.. monologue.LogProbs, .. new float[closing.Length]],
            [.. Enumerable.Range(monologue.Tokens.Length, closing.Length)]);
    }
}
