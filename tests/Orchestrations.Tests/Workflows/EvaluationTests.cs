using Curriculum.Stages;
using Curriculum.Training;
using Curriculum.Work;
using Orchestrations.Storage;
using Orchestrations.Tests.Storage;
using Orchestrations.Workflows;
using Orchestrations.Workflows.Activities;

namespace Orchestrations.Tests.Workflows;

[Trait("Speed", "slow")]
public class EvaluationTests(StorageFixture azurite) : ActivityTest(azurite)
{
    [Fact]
    public async Task A_best_checkpoint_that_is_spoiled_is_named_and_the_next_best_whole_one_is_evaluated()
    {
        await Function<PrepareRun>().Run(Run, Token);
        var (good, best, last) = (await ValidatedAsync(2, 0.5), await ValidatedAsync(4, 0.9), await ValidatedAsync(6, 0.1));
        var spoiled = await SpoilAsync(best, "bit flipped");

        await StoreStateAsync($"{Run}/base");
        await Service<StageStates>().WriteEndAsync((await BegunAsync() with { Policy = last, Ledger = new() { Updates = 6, TrainedTokens = 400_000 } }).End(StageOutcome.Completed, "Done."), Token);

        var advanced = await Function<Advance>().Run(new(WorkOwner.Evaluation(Arm, 1), 0), Token);

        Assert.True(advanced.IsWaiting);
        var chosen = await Blobs.ReadAsync("runs", ArmEvaluation.Blob(Arm), StorageJson.Default.ArmEvaluation, Token);
        Assert.Equal(good, chosen.Checkpoint);
        var told = Assert.Single(await IncidentsAsync()).What;
        Assert.StartsWith($"The checkpoint {best.Folder} is not used: ", told, StringComparison.Ordinal);
        Assert.Contains(spoiled, told, StringComparison.Ordinal);
    }

    private async Task<StateRef> ValidatedAsync(int updates, double primary)
    {
        var state = await StoreStateAsync(StorageNames.Checkpoint(Stage, updates));
        var validated = new ValidatedCheckpoint
        {
            Stage = Stage,
            Updates = updates,
            Compute = 0,
            State = state,
            Greedy = primary,
            Sampled = primary,
            Primary = primary,
            Item = WorkItemId.Of(Stage, WorkKind.Validate, updates),
            Iteration = updates - 1,
            Problems = 8,
            Solved = [],
        };
        await Service<StageRecords>().WriteValidationAsync(validated, Token);
        return state;
    }
}
