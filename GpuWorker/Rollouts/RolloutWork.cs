using Curriculum.Problems;
using Curriculum.Rewards;
using Curriculum.Work;
using GpuWorker.Items;
using GpuWorker.Memory;
using GpuWorker.Policies;
using GpuWorker.Training;
using GpuWorker.Verifiers;

namespace GpuWorker.Rollouts;

/// <summary>Samples the groups of a rollout item, grades them, and scores them if the item asks for it.</summary>
internal static class RolloutWork
{
    /// <param name="item">What to sample.</param>
    /// <param name="policy">The sampling policy.</param>
    /// <param name="reference">The reference policy, where the item names one.</param>
    /// <param name="values">The value head, where the item asks for values.</param>
    /// <param name="verifiers">The verifiers that problems may name.</param>
    /// <param name="headroom">The memory available.</param>
    /// <param name="heartbeat">Receives the share done; may throw to cancel.</param>
    /// <exception cref="WorkFailedException">The item is invalid or does not fit.</exception>
    public static RolloutOutput Execute(
        RolloutItem item, LoadedPolicy policy, LoadedPolicy? reference, ValueHead? values, VerifierPlugins verifiers, MemoryHeadroom headroom, Action<double> heartbeat)
    {
        if (item.Prompts.Count == 0 || item.GroupSize < 1 || item.MaxNewTokens < 1 || !(item.Temperature > 0))
            throw Bad($"Expected prompts, and a group size, length and temperature above 0, found {item.Prompts.Count}, {item.GroupSize}, {item.MaxNewTokens} and {item.Temperature}.");

        try
        {
            var prompts = item.Prompts.Select(prompt => Prompt(item, prompt, policy)).ToArray();
            headroom.Require(
                $"a rollout of {prompts.Length * item.GroupSize} completions at once",
                SamplingMemory.Of(item, prompts, policy, scored: reference is not null || values is not null),
                MemoryHeadroom.RolloutAdvice);
            var sampled = item.MonologueTokens > 0
                ? MonologueSampling.Sample(item, prompts, policy, heartbeat)
                : PlainSampling.Sample(item, prompts, policy, heartbeat);
            var verify = verifiers.Verifying(heartbeat);
            var groups = item.Prompts.Select((prompt, index) => Group(item, prompt, prompts[index].Tokens, sampled.Completions[index], policy, verify)).ToArray();
            var (scored, read) = RolloutScores.Of(groups, policy, reference, values, item.Temperature);
            return new() { Groups = scored, ForwardTokens = sampled.ForwardTokens + read };
        }
        catch (Exception error) when (error is FormatException or ArgumentException or KeyNotFoundException)
        {
            throw Bad(error.Message, error);
        }
    }

    private static GenerationPrompt Prompt(RolloutItem item, RolloutPrompt prompt, LoadedPolicy policy)
    {
        var family = ProblemFamilies.Get(prompt.Problem.Family);
        var open = item.MonologueTokens > 0 ? family.Tags.Open : "";
        var (whole, begun) = (family.Prompt(prompt.Problem, prompt.Step), family.Begun(prompt.Problem, prompt.Step));
        return new(
            policy.Prompt(policy.Prefix + whole[..^begun.Length], begun + prompt.Title + open),
            policy.Tokenizer.StopTokens(family.Stop(prompt.Step is not null)),
            [.. Enumerable.Range(0, item.GroupSize).Select(sample => Draws.Of(item.DrawKey, prompt.Problem.Id, prompt.Step, sample))]);
    }

    private static TrajectoryGroup Group(
        RolloutItem item, RolloutPrompt prompt, int[] promptTokens, SampledCompletion[] completions, LoadedPolicy policy,
        Func<Problem, string, Verification> verify)
    {
        var stop = ProblemFamilies.Get(prompt.Problem.Family).Stop(prompt.Step is not null);
        return new()
        {
            ProblemId = prompt.Problem.Id,
            Step = prompt.Step,
            PromptTokens = promptTokens,
            Trajectories = [.. completions.Select((completion, sample) =>
            {
                var action = CompletionText.Of(policy.Tokenizer, completion.Action.Tokens, stop);
                var grade = Grader.Grade(prompt, action, completion.Action.Terminated, item.Reward, item.DrawKey, sample, verify);
                int[] tokens = [.. completion.Before, .. completion.Action.Tokens];
                return new Trajectory
                {
                    Tokens = tokens,
                    LogProbs = [.. completion.BeforeLogProbs, .. completion.Action.LogProbs],
                    ForcedTokens = completion.ForcedTokens.Count == 0 ? null : completion.ForcedTokens,
                    Text = policy.Tokenizer.Decode(completion.Before) + action,
                    Terminated = completion.Action.Terminated,
                    Reward = grade.Reward,
                    Penalty = Penalty(item, completion.Action),
                    WellFormed = grade.WellFormed,
                    VerifierLabel = grade.Label,
                };
            })],
        };
    }

    private static double Penalty(RolloutItem item, Completion action) => item.Reward.OverlongBuffer is { } share
        ? OverlongPenalty.Of(action.Tokens.Length, item.MaxNewTokens, OverlongPenalty.Buffer(share, item.MaxNewTokens))
        : 0;

    private static WorkFailedException Bad(string message, Exception? inner = null) => new(WorkFailedException.BadItem, message, inner);
}
