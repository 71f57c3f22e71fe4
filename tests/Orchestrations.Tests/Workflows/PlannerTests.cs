using System.Text.Json.Nodes;
using Curriculum.Plans;
using Curriculum.Work;
using Orchestrations.Storage;
using Orchestrations.Tests.Storage;
using Orchestrations.Workflows;
using Orchestrations.Workflows.Activities;

namespace Orchestrations.Tests.Workflows;

/// <summary>What is asked of the workers in the middle of a stage: which states, which problems, which data.</summary>
[Trait("Speed", "slow")]
public class PlannerTests(StorageFixture azurite) : ActivityTest(azurite)
{
    private static readonly StageProgress Middle = new()
    {
        State = new("runs", "newest", "01"),
        Start = new("runs", "start", "00"),
        Iteration = 3,
        Updates = 3,
    };

    protected override void Change(JsonNode plan)
    {
        void Add(string stage) => plan["arms"]!.AsArray().Add(JsonNode.Parse(stage));
        Add("""{ "name": "restart", "stages": [{ "method": "expert-iteration" }] }""");
        Add("""{ "name": "continue", "stages": [{ "method": "expert-iteration", "expert": { "start": "continue" } }] }""");
        Add("""{ "name": "kl", "stages": [{ "method": "rlvr", "loss": { "klWeight": 0.1 } }] }""");
        Add("""{ "name": "hot", "stages": [{ "method": "rlvr", "temperature": 1.5 }] }""");
        Add("""{ "name": "hot-expert", "stages": [{ "method": "expert-iteration", "temperature": 1.5 }] }""");
        Add("""{ "name": "incorrect", "stages": [{ "method": "rlvr", "reward": { "kind": "incorrect", "votes": 4 } }] }""");
        Add("""{ "name": "majority", "stages": [{ "method": "rlvr", "reward": { "kind": "majority-vote", "votes": 4 } }] }""");
    }

    [Theory]
    [InlineData("restart", "start", true)]
    [InlineData("continue", "newest", false)]
    public async Task Expert_iteration_fine_tunes_the_stage_s_start_or_the_newest_policy(string arm, string state, bool fresh)
    {
        await GatherAsync(arm, Middle with { Iteration = 0 }, 1);
        var second = await GatherAsync(arm, Middle with { Iteration = 1 }, 2);
        Assert.Equal((state, fresh), (second.State.Folder, second.FreshOptimizer));
        Assert.Equal([1, 2], await TrainedAsync(second));
    }

    [Theory]
    [InlineData("restart", "start")]
    [InlineData("continue", "checkpoint")]
    public async Task Expert_iteration_trains_on_what_it_had_at_the_checkpoint_after_a_roll_back(string arm, string state)
    {
        await GatherAsync(arm, Middle with { Iteration = 0 }, 1);
        await GatherAsync(arm, Middle with { Iteration = 1 }, 2);
        await GatherAsync(arm, Middle with { Iteration = 2 }, 3);

        var (key, plan) = (Stage with { Arm = arm }, await PlanOfAsync(arm));
        var back = new KeptState(new("runs", "checkpoint", "02"), 2, 2);
        var next = RollBacks.Next(key, Middle with { RollBackTo = back }, plan, 0, 1_000_000, BudgetUnit.Compute)!;
        var item = await GatherAsync(arm, next, 4, attempt: 1);
        Assert.Equal(state, item.State.Folder);
        Assert.Equal([1, 2, 4], await TrainedAsync(item));

        // A second roll-back, before the new attempt has a checkpoint, still has them.
        var again = RollBacks.Next(key with { Attempt = 1 }, next with { RollBackTo = next.Kept[0] }, plan, 1, 1_000_000, BudgetUnit.Compute)!;
        Assert.Equal([1, 2, 5], await TrainedAsync(await GatherAsync(arm, again, 5, attempt: 2)));
    }

    [Theory]
    [InlineData("kl", "start")]
    [InlineData("rlvr", null)]
    public async Task The_reference_of_the_divergence_is_the_stage_s_start_and_not_the_newest_policy(string arm, string? reference)
    {
        await Function<PrepareRun>().Run(new(Run, Run), Token);
        var items = await Service<RolloutPlanner>().PlanAsync(Stage with { Arm = arm }, await PlanOfAsync(arm), Middle, 0, Token);
        Assert.All(items, item => Assert.Equal(("newest", reference), (item.Policy.Folder, item.Reference?.Folder)));
    }

    // What is drawn at another temperature is another policy's: a ratio of probabilities compares with that one. A likelihood is the model's own.
    [Theory]
    [InlineData("hot", 1.5)]
    [InlineData("hot-expert", 1)]
    public async Task A_policy_gradient_counts_probabilities_at_the_temperature_of_its_draws_and_a_likelihood_at_1(string arm, double temperature)
    {
        await Function<PrepareRun>().Run(new(Run, Run), Token);
        var drawn = await Service<RolloutPlanner>().PlanAsync(Stage with { Arm = arm }, await PlanOfAsync(arm), Middle, 0, Token);
        Assert.All(drawn, item => Assert.Equal(1.5, item.Temperature));
        Assert.Equal(temperature, (await GatherAsync(arm, Middle with { Iteration = 0 }, 3)).Temperature);
    }

    [Fact]
    public async Task The_reward_incorrect_trains_on_the_problems_alone_whose_majority_label_is_wrong()
    {
        await Function<PrepareRun>().Run(new(Run, Run), Token);
        var pool = await Service<FrozenRun>().PoolAsync(Run, FrozenRun.TrainingPool, Token);
        // Problem 1 has a wrong majority, problem 4 too; 2 has none; the others are labelled right, problem 5 by one vote.
        var votes = pool.Select((problem, i) => new ProblemVotes(problem.Id, i switch
        {
            1 or 4 => ["wrong", problem.Answer, "wrong", null],
            2 => [null, null, null, null],
            5 => [null, problem.Answer, null, null],
            _ => [problem.Answer, problem.Answer, "wrong", null],
        })).ToList();
        await Blobs.FreezeAsync(StorageNames.RunsContainer, FrozenRun.VotesName(Run), votes, CurriculumJson.Default.IReadOnlyListProblemVotes, Token);

        var stages = Service<StagePool>();
        var wrong = await stages.AllAsync(Stage with { Arm = "incorrect" }, await PlanOfAsync("incorrect"), Token);
        Assert.Equal([pool[1].Id, pool[4].Id], wrong.Select(problem => problem.Id));
        Assert.Equal(pool.Count, (await stages.AllAsync(Stage with { Arm = "majority" }, await PlanOfAsync("majority"), Token)).Count);

        var items = await Service<RolloutPlanner>().PlanAsync(Stage with { Arm = "incorrect" }, await PlanOfAsync("incorrect"), Middle, 0, Token);
        Assert.All(items.SelectMany(item => item.Prompts), prompt => Assert.Equal("wrong", prompt.Label));
    }

    private async Task<SampledStagePlan> PlanOfAsync(string arm) =>
        (SampledStagePlan)(await Service<FrozenRun>().PlanAsync(Run, Token)).Arms.Single(found => found.Name == arm).Stages[0];

    /// <summary>The update after an iteration whose one success has so many tokens.</summary>
    private async Task<UpdateItem> GatherAsync(string arm, StageProgress progress, int tokens, int attempt = 0)
    {
        var group = new TrajectoryGroup
        {
            ProblemId = "p",
            PromptTokens = [1],
            Trajectories = [.. ((double[])[1, 0]).Select(reward => new Trajectory
            {
                Tokens = [.. Enumerable.Repeat(7, tokens)],
                LogProbs = [.. Enumerable.Repeat(-1f, tokens)],
                Text = "",
                Terminated = true,
                Reward = reward,
                WellFormed = true,
            })],
        };
        return await Service<UpdatePlanner>().FromGroupsAsync(Stage with { Arm = arm, Attempt = attempt }, await PlanOfAsync(arm), progress, 1_000_000, [group], Token);
    }

    /// <summary>The lengths of the distinct sequences that an update trains on.</summary>
    private async Task<IReadOnlyList<int>> TrainedAsync(UpdateItem item)
    {
        var lengths = new SortedSet<int>();
        foreach (var step in item.Steps)
        {
            var batch = await Blobs.ReadAsync(step.Batch.Container, step.Batch.Name, CurriculumJson.Default.UpdateBatch, Token);
            lengths.UnionWith(batch.Sampled.Select(sequence => sequence.Tokens.Count));
        }

        return [.. lengths];
    }
}
