using Curriculum.Work;
using Orchestrations.Storage;
using Orchestrations.Tests.Storage;
using Orchestrations.Workflows;
using Orchestrations.Workflows.Activities;

namespace Orchestrations.Tests.Workflows;

[Trait("Speed", "slow")]
public class PlanEvaluationTests(StorageFixture azurite) : ActivityTest(azurite)
{
    [Fact]
    public async Task A_best_checkpoint_that_is_spoiled_is_named_and_the_next_best_whole_one_is_evaluated()
    {
        await Function<PrepareRun>().Run(new(Run, Run), Token);
        var (good, best, last) = (await ValidatedAsync(2, 0.5), await ValidatedAsync(4, 0.9), await ValidatedAsync(6, 0.1));
        var spoiled = await SpoilAsync(best, "bit flipped");

        var planned = await Function<PlanEvaluation>().Run(new(new(Run, "srl", 1, last, [Stage], []), "instance"), Token);

        Assert.Equal(good, planned.Checkpoint);
        var told = Assert.Single(await IncidentsAsync()).What;
        Assert.StartsWith($"The checkpoint {best.Folder} is not used: ", told, StringComparison.Ordinal);
        Assert.Contains(spoiled, told, StringComparison.Ordinal);
    }

    private async Task<StateRef> ValidatedAsync(int updates, double primary)
    {
        var state = await StoreStateAsync(StorageNames.Checkpoint(Run, "srl", 1, 0, 0, updates));
        var validated = new ValidatedCheckpoint
        {
            Stage = Stage,
            Updates = updates,
            Compute = 0,
            State = state,
            Greedy = primary,
            Sampled = primary,
            Primary = primary,
            Item = "item",
            Iteration = updates - 1,
            Problems = 8,
            Solved = [],
        };
        await Service<StageRecords>().WriteValidationAsync(validated, new() { State = state, Updates = updates, Iteration = updates }, Token);
        return state;
    }
}
