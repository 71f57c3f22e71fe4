using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Training;
using Curriculum.Work;

namespace Curriculum.Tests.Training;

/// <summary>What is asked of the workers in the middle of a stage: which states, which problems, which data.</summary>
[Trait("Speed", "fast")]
public class StageItemsTests
{
    private const string Sampled = "\"problemsPerIteration\": 4, \"groupSize\": 4, \"admission\": { \"targetGroups\": 1 }, \"checkpointEvery\": 2";

    [Theory]
    [InlineData("restart", true)]
    [InlineData("continue", false)]
    public void Expert_iteration_fine_tunes_the_stages_start_or_the_newest_policy_on_all_successes_so_far(string start, bool fromStart)
    {
        var stage = PlayedStage.Of($$"""{ "method": "expert-iteration", {{Sampled}}, "expert": { "start": "{{start}}" } }""", "expert", success: 0.5);
        var steps = stage.Play();
        var updates = steps.SelectMany(step => step.Work).OfType<UpdateItem>().ToList();
        Assert.True(updates.Count > 2);
        Assert.Equal([!fromStart, !fromStart], updates.Skip(1).Take(2).Select(update => update.State != stage.Begin.Policy));
        Assert.Equal([fromStart, fromStart], updates.Skip(1).Take(2).Select(update => update.FreshOptimizer));
        var gathered = steps.SelectMany(step => step.Gathered).Where(batch => batch.Name.EndsWith(StorageNames.GatheredBlob, StringComparison.Ordinal))
            .Select(batch => batch.Batch.Sampled.Count).ToList();
        Assert.Equal(updates.Count, gathered.Count);
        Assert.Equal(gathered.Order(), gathered);
    }

    [Theory]
    [InlineData(0.1, true)]
    [InlineData(0, false)]
    public void The_reference_of_the_divergence_is_the_stages_start_and_not_the_newest_policy(double weight, bool asked)
    {
        var stage = PlayedStage.Of(FormattableString.Invariant($"{{ \"method\": \"rlvr\", {Sampled}, \"loss\": {{ \"klWeight\": {weight} }} }}"), "kl", success: 0.5);
        var rollouts = stage.Play().SelectMany(step => step.Work).OfType<RolloutItem>().ToList();
        Assert.Contains(rollouts, rollout => rollout.Policy != stage.Begin.Policy);
        Assert.All(rollouts, rollout => Assert.Equal(asked ? stage.Begin.Policy : null, rollout.Reference));
    }

    // What is drawn at another temperature is another policy's: a ratio of probabilities compares with that one. A likelihood is the model's own.
    [Theory]
    [InlineData("rlvr", 1.5)]
    [InlineData("expert-iteration", 1)]
    public void A_policy_gradient_counts_probabilities_at_the_temperature_of_its_draws_and_a_likelihood_at_1(string method, double temperature)
    {
        var work = PlayedStage.Of($$"""{ "method": "{{method}}", {{Sampled}}, "temperature": 1.5 }""", "hot", success: 0.5).Play().SelectMany(step => step.Work).ToList();
        Assert.All(work.OfType<RolloutItem>(), item => Assert.Equal(1.5, item.Temperature));
        Assert.All(work.OfType<UpdateItem>(), item => Assert.Equal(temperature, item.Temperature));
        Assert.NotEmpty(work.OfType<UpdateItem>());
    }

    [Fact]
    public void The_reward_incorrect_trains_on_the_problems_alone_whose_majority_label_is_wrong()
    {
        var training = PlayedStage.Of("""{ "method": "sft" }""", "x").Setting.Pool;
        // Problem 1 has a wrong majority, problem 4 too; 2 has none; the others are labelled right, problem 5 by one vote.
        var votes = training.Select((problem, i) => new ProblemVotes(problem.Id, i switch
        {
            1 or 4 => ["wrong", problem.Answer, "wrong", null],
            2 => [null, null, null, null],
            5 => [null, problem.Answer, null, null],
            _ => [problem.Answer, problem.Answer, "wrong", null],
        })).ToList();
        var labels = TrainingPool.Labels(training, votes, 4);
        var incorrect = new RlvrPlan { Reward = new() { Kind = RewardKind.Incorrect, Votes = 4 } };
        Assert.Equal([training[1].Id, training[4].Id], TrainingPool.Of(incorrect, training, labels).Select(problem => problem.Id));
        Assert.Equal(training.Count, TrainingPool.Of(incorrect with { Reward = new() { Kind = RewardKind.MajorityVote, Votes = 4 } }, training, labels).Count);
        Assert.Equal("wrong", labels[training[1].Id].Label);
    }

    [Fact]
    public void A_lone_success_is_sampled_again_before_it_is_trained_on()
    {
        var stage = PlayedStage.Of(
            """{ "method": "rlvr", "problemsPerIteration": 6, "groupSize": 4, "admission": { "targetGroups": 6, "refillRounds": 1, "loneSuccess": { "action": "check", "samples": 3 } } }""",
            "lone", success: 0.2);
        var checks = stage.Play().SelectMany(step => step.Work).OfType<RolloutItem>().Where(item => item.Id.Kind == WorkKind.Check).ToList();
        Assert.NotEmpty(checks);
        Assert.All(checks, check => Assert.Equal(3, check.GroupSize));
    }

    [Fact]
    public void An_experts_steps_are_shown_to_those_alone_who_imitate()
    {
        var rlvr = PlayedStage.Of($$"""{ "method": "rlvr", {{Sampled}} }""", "own", success: 0.5).Play().SelectMany(step => step.Work).OfType<RolloutItem>().SelectMany(item => item.Prompts);
        Assert.All(rlvr, prompt => Assert.Empty(prompt.Problem.Steps));
        var srl = PlayedStage.Of($$"""{ "method": "srl", {{Sampled}} }""", "own", success: 0.5).Play().SelectMany(step => step.Work).OfType<RolloutItem>().SelectMany(item => item.Prompts).ToList();
        Assert.All(srl, prompt => Assert.NotEmpty(prompt.Problem.Steps));
        Assert.All(srl, prompt => Assert.NotNull(prompt.Step));
    }
}
