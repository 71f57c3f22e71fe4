using Curriculum.Work;
using Orchestrations.Storage;

namespace Orchestrations.Tests.Storage;

[Trait("Speed", "slow")]
public class FrozenCacheTests(StorageFixture azurite) : ActivityTest(azurite)
{
    [Fact]
    public async Task What_was_read_of_a_run_is_not_taken_for_what_another_run_under_its_id_has()
    {
        await FreezePoolAsync("first");
        Assert.Equal("sample", (await Frozen.PlanAsync(Run, Token)).Name);
        Assert.Equal("first", Assert.Single(await Frozen.PoolAsync(Run, FrozenRun.TrainingPool, Token)).Id);

        // Purged and submitted again with another plan, by way of another process.
        await Blobs.TryDeleteAsync(StorageNames.RunsContainer, FrozenRun.PoolName(Run, FrozenRun.TrainingPool), Token);
        await Blobs.TryDeleteAsync(StorageNames.RunsContainer, StorageNames.Plan(Run), Token);
        await StorePlanAsync(Run, plan => plan["name"] = "another");
        await FreezePoolAsync("second");
        await Task.Delay(FrozenCache.Trusted, Token);

        Assert.Equal("another", (await Frozen.PlanAsync(Run, Token)).Name);
        Assert.Equal("second", Assert.Single(await Frozen.PoolAsync(Run, FrozenRun.TrainingPool, Token)).Id);
    }

    [Fact]
    public async Task A_run_that_is_gone_is_not_there_from_memory_either()
    {
        Assert.NotNull(await Frozen.FindAsync(Run, Token));
        await Blobs.TryDeleteAsync(StorageNames.RunsContainer, StorageNames.Plan(Run), Token);
        await Task.Delay(FrozenCache.Trusted, Token);

        Assert.Null(await Frozen.FindAsync(Run, Token));
    }

    private FrozenRun Frozen => Service<FrozenRun>();

    private Task<BlobRef> FreezePoolAsync(string id) => Blobs.FreezeAsync(
        StorageNames.RunsContainer,
        FrozenRun.PoolName(Run, FrozenRun.TrainingPool),
        [new() { Id = id, Family = "two-dials", Question = "A=1?", Answer = "1", Difficulty = 8, Steps = [] }],
        CurriculumJson.Default.IReadOnlyListProblem,
        Token);
}
