using CsCheck;
using Curriculum.Plans;
using Curriculum.Stages;
using Curriculum.Work;
using Orchestrations.Storage;
using Orchestrations.Tests.Storage;
using Orchestrations.Workflows;
using Orchestrations.Workflows.Activities;

namespace Orchestrations.Tests.Workflows;

[Trait("Speed", "slow")]
public class ResumeTests(StorageFixture azurite) : ActivityTest(azurite)
{
    /// <summary>Pools, batches and the moment of the failure at random, also at the ends of epochs; the parent is what a retry finds stored.</summary>
    [Fact]
    public async Task Over_a_failure_and_a_retry_no_problem_is_skipped_or_repeated() =>
        await Gen.Select(Gen.Int[1, 12], Gen.Int[1, 6], Gen.Int[1, 3], Gen.Int[0, 100]).SampleAsync(
            async (pool, count, batches, at) =>
            {
                var run = $"run-{Guid.NewGuid().ToString("N")[..12]}";
                var draws = ((3 * pool) + count - 1) / count;
                var failsAfter = 1 + (at % draws);
                var plan = new SftPlan { ProblemsPerIteration = count, UpdatesPerItem = batches };
                await PlanAsync(run, pool, null);
                var undisturbed = await DrawAsync(run, plan, 0, draws);

                var before = await DrawAsync(run, plan, 0, failsAfter);
                await FailAsync(run, failsAfter);
                var retry = $"{run}-retry";
                await PlanAsync(retry, pool, new(run, Retry: true));
                var resumed = (await Function<PrepareRun>().Run(new(retry, retry), Token)).ResumeOf("srl", 1)!.Begun!.Progress;
                var after = await DrawAsync(retry, plan, resumed.Iteration, draws - resumed.Iteration);

                Assert.Equal(failsAfter, resumed.Iteration);
                Assert.Equal(undisturbed, before.Concat(after));
                Assert.All(before.Concat(after).Take(3 * pool).Chunk(pool), epoch => Assert.Equal(pool, epoch.Distinct().Count()));
            },
            iter: 6,
            threads: 1);

    private Task<RunPlan> PlanAsync(string run, int pool, RunOrigin? from) => StorePlanAsync(
        run,
        plan =>
        {
            plan["training"]!["count"] = pool;
            plan["training"]!["demonstrations"] = pool;
            plan["arms"]!.AsArray().RemoveAt(2);
        },
        from);

    /// <summary>The problems of so many draws; the pool is frozen where it is not yet.</summary>
    private async Task<IReadOnlyList<string>> DrawAsync(string run, StagePlan plan, int first, int count)
    {
        await Function<PrepareRun>().Run(new(run, run), Token);
        var drawn = new List<string>();
        for (var n = first; n < first + count; n++)
            drawn.AddRange((await Service<StagePool>().DrawAsync(Stage with { Run = run }, plan, null, n, 0, Token)).Select(problem => problem.Id));
        return drawn;
    }

    /// <summary>A checkpoint after so many iterations, then the end of the attempt.</summary>
    private async Task FailAsync(string run, int iterations)
    {
        var stage = Stage with { Run = run };
        var checkpoint = await StoreStateAsync(StorageNames.Checkpoint(run, "srl", 1, 0, 0, iterations));
        var progress = new StageProgress { State = checkpoint, Updates = iterations, Iteration = iterations };
        await Service<StagePoints>().WriteCheckpointAsync(stage, progress, checkpoint, Token);
        await Service<StagePoints>().WriteEndAsync(stage, progress.End(StageOutcome.Failed, "it broke"), Token);
    }
}
