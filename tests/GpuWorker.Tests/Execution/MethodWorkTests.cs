using Curriculum.Admission;
using Curriculum.Plans;
using Curriculum.Rewards;
using Curriculum.Work;
using GpuWorker.Execution;
using GpuWorker.Items;

namespace GpuWorker.Tests.Execution;

/// <summary>What a method asks of rollouts and updates beyond the plain case.</summary>
[Trait("Speed", "fast")]
public sealed class MethodWorkTests : IDisposable
{
    private readonly WorkExecutor _executor = new(new());
    private readonly LoadedInputs _base = WorkExecutorTests.Base(1);

    [Fact]
    public void A_monologue_goes_before_the_action_and_its_closing_tag_is_given_where_the_policy_wrote_none()
    {
        var item = WorkExecutorTests.Rollout() with { Characters = "<>", MonologueTokens = 5, MaxNewTokens = 8 };
        var output = Roll(item, _base);
        var trajectories = output.Groups.SelectMany(group => group.Trajectories).ToArray();
        Assert.All(output.Groups, group => Assert.Equal(35, group.PromptTokens[^1])); // "<"
        Assert.Contains(trajectories, trajectory => trajectory.ForcedTokens is not null);
        Assert.All(trajectories, trajectory =>
        {
            var close = trajectory.Tokens.ToList().IndexOf(36);
            Assert.InRange(close, 0, 5);
            Assert.Equal(trajectory.Tokens.Count, trajectory.LogProbs.Count);
            Assert.Equal(close < 5 && trajectory.ForcedTokens is null ? null : [5], trajectory.ForcedTokens);
            Assert.InRange(trajectory.Tokens.Count - close - 1, 1, 8);
        });

        // Graded is what comes after the tag, as if the monologue were not there.
        foreach (var (prompt, group) in item.Prompts.Zip(output.Groups))
        {
            Assert.All(group.Trajectories, trajectory => Assert.Equal(
                Grader.Grade(prompt, trajectory.Text[(trajectory.Text.IndexOf('>', StringComparison.Ordinal) + 1)..], trajectory.Terminated, item.Reward, "draws", 0).Reward,
                trajectory.Reward));
        }

        // Prompt and monologue are read again for each action.
        Assert.Equal(
            output.Groups.Sum(group => group.PromptTokens.Count * (1 + group.Trajectories.Count)
                + group.Trajectories.Sum(trajectory => trajectory.Tokens.Count + trajectory.Tokens.ToList().IndexOf(36) + (trajectory.ForcedTokens is null ? 1 : 0))),
            output.ForwardTokens);
    }

    [Fact]
    public void The_reference_of_the_sampling_policy_itself_has_its_log_probabilities_and_another_has_not()
    {
        var item = WorkExecutorTests.Rollout() with { Reference = new("runs", "start", "") };
        var same = Roll(item, _base with { Reference = _base });
        Assert.All(same.Groups.SelectMany(group => group.Trajectories), trajectory =>
            Assert.All(trajectory.LogProbs.Zip(trajectory.ReferenceLogProbs!), pair => Assert.Equal(pair.First, pair.Second, 1e-4)));
        var other = Roll(item, _base with { Reference = WorkExecutorTests.Base(2) });
        Assert.Contains(other.Groups.SelectMany(group => group.Trajectories), trajectory =>
            trajectory.LogProbs.Zip(trajectory.ReferenceLogProbs!).Any(pair => Math.Abs(pair.First - pair.Second) > 0.01));
        Assert.True(other.ForwardTokens > Roll(WorkExecutorTests.Rollout(), _base).ForwardTokens);
    }

    [Fact]
    public void A_prompt_prefix_that_a_state_records_goes_before_every_later_prompt()
    {
        var update = WorkExecutorTests.Update(fresh: true, 1) with { LossKind = LossKind.Likelihood, Characters = "!", PromptPrefix = "!" };
        var batch = BatchBuilder.OfDemonstrations(WorkExecutorTests.Problems(2));
        var state = (ComputedState)_executor.Execute(update.On([batch]), _base, new WorkExecutorTests.CheckedProgress(), CancellationToken.None);
        var next = Roll(WorkExecutorTests.Rollout(), new(state.Over(_base), "next"));
        Assert.All(next.Groups, group => Assert.Equal(35, group.PromptTokens[0]));
        Assert.All(Roll(WorkExecutorTests.Rollout(), _base).Groups, group => Assert.NotEqual(35, group.PromptTokens[0]));
    }

    // Every trajectory earns 1: with values the error of the first update is (0 - 1)^2 / 2, and it falls as the head learns that.
    [Fact]
    public void Values_learn_what_rewards_come_to_and_travel_with_the_state()
    {
        var item = WorkExecutorTests.Rollout() with { Values = true, Reward = new() { Kind = RewardKind.Random, Gamma = 1 }, MaxNewTokens = 6 };
        AdvantagePlan plan = new() { Estimator = AdvantageEstimator.Gae, Whiten = false };
        var state = _base;
        var errors = new List<double>();
        for (var iteration = 0; iteration < 6; iteration++)
        {
            var output = Roll(item with { DrawKey = $"{iteration}" }, state);
            if (iteration == 0)
                Assert.All(output.Groups.SelectMany(group => group.Trajectories), trajectory => Assert.All(trajectory.Values!, value => Assert.Equal(0, value)));
            var update = WorkExecutorTests.Update(iteration == 0, 1) with
            {
                Loss = new() { Epochs = 2, Minibatches = 2 },
                Optimizer = new() { LearningRate = 1e-4, ValueLearningRate = 0.005 },
            };
            var next = (ComputedState)_executor.Execute(
                update.On([BatchBuilder.OfGroups(output.Groups, plan)]), state, new WorkExecutorTests.CheckedProgress(), CancellationToken.None);
            errors.Add(next.Metrics.ValueError!.Value);
            state = new(next.Over(state), $"{iteration}");
        }

        Assert.InRange(errors[0], 0.15, 0.5);
        Assert.True(errors[^1] < errors[0] / 4, string.Join(", ", errors));
    }

    [Fact]
    public void A_length_penalty_stands_beside_the_reward()
    {
        var item = WorkExecutorTests.Rollout() with { Reward = new() { Kind = RewardKind.StepSimilarity, OverlongBuffer = 0.5 }, MaxNewTokens = 8 };
        var (with, without) = (Roll(item, _base), Roll(item with { Reward = new() { Kind = RewardKind.StepSimilarity } }, _base));
        foreach (var (one, other) in with.Groups.Zip(without.Groups).SelectMany(pair => pair.First.Trajectories.Zip(pair.Second.Trajectories)))
        {
            Assert.Equal(other.Reward, one.Reward);
            Assert.Equal(Math.Min(0, (4 - one.Tokens.Count) / 4.0), one.Penalty);
        }
    }

    public void Dispose() => _executor.Dispose();

    private RolloutOutput Roll(RolloutItem item, LoadedInputs inputs) =>
        (RolloutOutput)((ComputedOutput)_executor.Execute(item, inputs, new WorkExecutorTests.CheckedProgress(), CancellationToken.None)).Output;
}
