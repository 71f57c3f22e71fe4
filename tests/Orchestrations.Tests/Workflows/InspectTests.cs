using Curriculum.Stages;
using Curriculum.Training;
using Curriculum.Work;
using Orchestrations.Storage;
using Orchestrations.Tests.Storage;
using Orchestrations.Workflows;
using Orchestrations.Workflows.Activities;

namespace Orchestrations.Tests.Workflows;

/// <summary>A stage that failed, over states that are not what was written.</summary>
[Trait("Speed", "slow")]
public class InspectTests(StorageFixture azurite) : ActivityTest(azurite)
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

        var end = await FailAsync(state, new(oldest, 2, 2), new(newer, 4, 4));

        Assert.Equal((oldest, oldest), (end.RollBackTo!.State, end.EndPolicy));
        var told = (await IncidentsAsync()).Select(incident => incident.What).ToList();
        Assert.All(spoiled, name => Assert.Contains(told, what => what.Contains(name, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_stage_without_any_whole_state_fails_with_what_is_wrong()
    {
        var state = await StoreStateAsync($"{Run}/states/5");
        var spoiled = await SpoilAsync(state, "truncated");

        var end = await FailAsync(state);

        Assert.Equal((StageOutcome.Failed, (KeptState?)null), (end.Outcome, end.RollBackTo));
        Assert.Contains(spoiled, end.Reason, StringComparison.Ordinal);
        Assert.EndsWith("No earlier checkpoint of the stage is whole.", end.Reason, StringComparison.Ordinal);
    }

    /// <summary>Has a stage fail at a state, and advances it to its end.</summary>
    private async Task<StageState> FailAsync(StateRef policy, params KeptState[] kept)
    {
        await Function<PrepareRun>().Run(Run, Token);
        var failed = (await BegunAsync() with { Policy = policy, Phase = StagePhase.Inspect, Iteration = 5, Ledger = new() { Updates = 5 }, Kept = kept })
            .End(StageOutcome.Failed, "Work item x failed (corrupt-state).");
        await Service<StageStates>().TryStoreAsync(failed, Token);

        Assert.True((await Function<Advance>().Run(new(WorkOwner.Of(Stage), 0), Token)).HasEnded);

        return Assert.Single(await Service<StageStates>().EndsAsync(Arm, Token));
    }
}
