using System.Text.Json.Nodes;
using Curriculum.Stages;
using Curriculum.Training;
using Curriculum.Work;
using Orchestrations.Runs;
using Orchestrations.Storage;
using Orchestrations.Tests.Storage;

namespace Orchestrations.Tests.Runs;

[Trait("Speed", "slow")]
public class ForkPointsTests(StorageFixture azurite) : ActivityTest(azurite)
{
    [Fact]
    public async Task A_checkpoint_that_was_let_go_is_refused_by_name_with_those_that_are_there()
    {
        foreach (var updates in (int[])[2, 4, 6])
            await CheckpointAsync(updates);
        Assert.Null(await RefusalAsync(updates: 2));

        await Service<StateFolders>().DeleteAsync(Folder(2), Token);

        Assert.Equal(
            $"Expected a checkpoint of run {Run} by its stage and updates; there are stage 0 after 4, 6 updates. Let go since (limits.keepCheckpoints): stage 0 after 2 updates.",
            await RefusalAsync(updates: 2));
        Assert.Equal(
            $"Expected a checkpoint of run {Run} by its stage and updates; there are stage 0 after 4, 6 updates.", await RefusalAsync(updates: 3));
        Assert.Null(await RefusalAsync(updates: 4));
    }

    [Fact]
    public async Task A_checkpoint_that_the_budget_does_not_cover_or_that_no_seed_of_the_fork_has_is_refused()
    {
        await CheckpointAsync(2);
        await CheckpointAsync(6);

        // 300 units for each update.
        Assert.Null(await RefusalAsync(updates: 2, budget: 700));
        Assert.Contains("raise budget.amount", await RefusalAsync(updates: 6, budget: 700), StringComparison.Ordinal);
        Assert.EndsWith("there are none.", await RefusalAsync(updates: 2, seed: 2), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stages_end_that_went_beyond_its_share_can_be_asked_for_within_the_budget()
    {
        await CheckpointAsync(4);
        await CheckpointAsync(6);
        await Service<StageStates>().WriteEndAsync((await AtAsync(6, new("runs", Folder(6), "00"))).End(StageOutcome.Completed, "The budget is spent."), Token);

        // 1800 units at the end and 1200 before it, where half of 3000 is the stage's share.
        Assert.Null(await RefusalAsync(updates: 6, budget: 3000, stages: 2));
        Assert.Null(await RefusalAsync(updates: 4, budget: 3000, stages: 2));
        Assert.Contains("raise budget.amount", await RefusalAsync(updates: 4, budget: 2000, stages: 2), StringComparison.Ordinal);
        Assert.Contains("raise budget.amount", await RefusalAsync(updates: 6, budget: 1700, stages: 2), StringComparison.Ordinal);
    }

    private async Task<string?> RefusalAsync(int updates, long budget = 1_000_000, int seed = 1, int stages = 1)
    {
        var plan = await StorePlanAsync(
            RunId.Parse($"{Run}-{budget}-{seed}-{stages}"),
            change =>
            {
                change["budget"]!["amount"] = budget;
                change["seeds"]![0] = seed;
                if (stages == 2)
                    change["arms"]![1]!["stages"] = JsonNode.Parse("""[{ "method": "srl", "share": 0.5 }, { "method": "rlvr", "share": 0.5 }]""");
            });
        return await Service<ForkPoints>().RefusalAsync(Run, plan, stage: 0, updates, Token);
    }

    private async Task CheckpointAsync(int updates)
    {
        var state = await StoreStateAsync(Folder(updates));
        await Service<StageStates>().WritePointAsync(await AtAsync(updates, state), Token);
    }

    private async Task<StageState> AtAsync(int updates, StateRef state) =>
        await BegunAsync() with { Policy = state, Ledger = new() { Updates = updates, TrainedTokens = 100 * updates } };

    private string Folder(int updates) => StorageNames.Checkpoint(Stage, updates);
}
