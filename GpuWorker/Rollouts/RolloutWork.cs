using Curriculum.Problems;
using Curriculum.Rewards;
using Curriculum.Work;
using GpuWorker.Execution;
using GpuWorker.Policies;
using GpuWorker.Tokenizers;

namespace GpuWorker.Rollouts;

/// <summary>Samples the groups of a rollout item and rewards them.</summary>
internal static class RolloutWork
{
    /// <exception cref="WorkFailedException">The item cannot be sampled or rewarded.</exception>
    public static RolloutOutput Execute(RolloutItem item, LoadedPolicy policy, Action<double> mark)
    {
        if (item.Prompts.Count == 0 || item.GroupSize < 1 || item.MaxNewTokens < 1 || !(item.Temperature > 0))
            throw Bad($"Expected prompts, and a group size, length and temperature above 0, found {item.Prompts.Count}, {item.GroupSize}, {item.MaxNewTokens} and {item.Temperature}.");

        try
        {
            var prompts = item.Prompts.Select(prompt => Prompt(item, prompt, policy.Tokenizer)).ToArray();
            var completions = new TensorGenerator(policy.Weights).Generate(prompts, item.MaxNewTokens, item.Temperature, mark);
            var groups = item.Prompts
                .Select((prompt, index) => Group(item, prompt, prompts[index].Tokens, completions[index], policy.Tokenizer))
                .ToArray();
            return new()
            {
                Groups = groups,
                ForwardTokens = groups.Sum(group => group.PromptTokens.Count + group.Trajectories.Sum(trajectory => (long)trajectory.Tokens.Count)),
            };
        }
        catch (Exception error) when (error is FormatException or ArgumentException or KeyNotFoundException)
        {
            throw Bad(error.Message, error);
        }
    }

    private static GenerationPrompt Prompt(RolloutItem item, RolloutPrompt prompt, ITokenizer tokenizer)
    {
        var family = ProblemFamilies.Get(prompt.Problem.Family);
        return new(
            tokenizer.EncodePrompt(family.Prompt(prompt.Problem, prompt.Step ?? 0)),
            tokenizer.Stops(family.Stop(prompt.Step is not null)),
            [.. Enumerable.Range(0, item.GroupSize).Select(sample => Draws.Of(item.DrawKey, prompt.Problem.Id, prompt.Step, sample))]);
    }

    private static TrajectoryGroup Group(
        RolloutItem item, RolloutPrompt prompt, int[] promptTokens, Completion[] completions, ITokenizer tokenizer)
    {
        var stop = ProblemFamilies.Get(prompt.Problem.Family).Stop(prompt.Step is not null);
        return new()
        {
            ProblemId = prompt.Problem.Id,
            Step = prompt.Step,
            PromptTokens = promptTokens,
            Trajectories = [.. completions.Select((completion, sample) =>
            {
                var text = CompletionText.Of(tokenizer, completion.Tokens, stop);
                var grade = Grader.Grade(prompt, text, completion.Terminated, item.Reward, item.DrawKey, sample);
                return new Trajectory
                {
                    Tokens = completion.Tokens,
                    LogProbs = completion.LogProbs,
                    Text = text,
                    Terminated = completion.Terminated,
                    Reward = grade.Reward,
                    WellFormed = grade.WellFormed,
                };
            })],
        };
    }

    private static WorkFailedException Bad(string message, Exception? inner = null) => new(WorkFailedException.BadItem, message, inner);
}
