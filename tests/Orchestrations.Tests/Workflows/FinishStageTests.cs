using Curriculum.Stages;
using Orchestrations.Storage;
using Orchestrations.Tests.Storage;
using Orchestrations.Workflows;
using Orchestrations.Workflows.Activities;

namespace Orchestrations.Tests.Workflows;

[Trait("Speed", "slow")]
public class FinishStageTests(StorageFixture azurite) : ActivityTest(azurite)
{
    [Theory]
    [InlineData("bit flipped")]
    [InlineData("truncated")]
    [InlineData("torn manifest")]
    [InlineData("missing")]
    public async Task A_stage_whose_state_is_spoiled_goes_back_to_its_newest_whole_checkpoint_and_names_what_is_not(string how)
    {
        var (oldest, newer, state) = (await StoreStateAsync($"{Run}/checkpoints/2"), await StoreStateAsync($"{Run}/checkpoints/4"), await StoreStateAsync($"{Run}/states/5"));
        string[] spoiled = [await SpoilAsync(state, how), await SpoilAsync(newer, how)];
        var failed = new StageProgress { State = state, Updates = 5, Iteration = 5, Kept = [new(oldest, 2, 2), new(newer, 4, 4)] }
            .End(StageOutcome.Failed, "Work item x failed (corrupt-state).");

        var finished = await Function<FinishStage>().Run(new(Stage, "instance", failed), Token);

        Assert.Equal(oldest, finished.Progress.RollBackTo!.State);
        Assert.Equal(oldest, finished.Progress.EndState);
        var told = (await IncidentsAsync()).Select(incident => incident.What).ToList();
        Assert.All(spoiled, name => Assert.Contains(told, what => what.Contains(name, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_stage_without_any_whole_state_fails_with_what_is_wrong()
    {
        var state = await StoreStateAsync($"{Run}/states/5");
        var spoiled = await SpoilAsync(state, "truncated");
        var failed = new StageProgress { State = state, Updates = 5, Iteration = 5 }.End(StageOutcome.Failed, "Work item x failed (corrupt-state).");

        var finished = await Function<FinishStage>().Run(new(Stage, "instance", failed), Token);

        Assert.Equal(StageOutcome.Failed, finished.Progress.Outcome);
        Assert.Null(finished.Progress.RollBackTo);
        Assert.Contains(spoiled, finished.Progress.Reason, StringComparison.Ordinal);
        Assert.EndsWith("No earlier checkpoint of the stage is whole.", finished.Progress.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_end_of_every_stage_is_kept_and_its_states_go()
    {
        var state = await StoreStateAsync($"{Run}/states/srl/1/0/0/5");
        await Function<PrepareRun>().Run(new(Run, Run), Token);
        var ended = new StageProgress { State = state, Updates = 5, Iteration = 5 }.End(StageOutcome.Completed, "The budget is spent.");

        var finished = await Function<FinishStage>().Run(new(Stage, "instance", ended), Token);

        Assert.StartsWith($"{Run}/checkpoints/", finished.Progress.State.Folder, StringComparison.Ordinal);
        Assert.Null(await Service<StateCheck>().FaultAsync(finished.Progress.State, Token));
        Assert.Empty(await Blobs.ListAsync("runs", $"{Run}/states/", Token));
    }
}
