using System.Text.Json.Nodes;
using Curriculum.Stages;
using Curriculum.Training;
using Curriculum.Work;
using Orchestrations.Storage;
using Orchestrations.Tests.Storage;
using Orchestrations.Workflows;
using Orchestrations.Workflows.Activities;

namespace Orchestrations.Tests.Workflows;

/// <summary>The first step of a stage, taken again: its host went down before it had written that the step was taken.</summary>
[Trait("Speed", "slow")]
public class RepeatedStepTests(StorageFixture azurite) : ActivityTest(azurite)
{
    protected override void Change(JsonNode plan) => plan["arms"]![1]!["stages"]![0]!["rolloutItems"] = 0;

    [Fact]
    public async Task It_is_the_same_although_the_stage_has_validated_its_start_meanwhile()
    {
        var first = await BeginAsync();
        var start = (await BegunAsync()).Policy;
        await Service<StageRecords>().WriteValidationAsync(
            new()
            {
                Stage = Stage,
                Updates = 0,
                Compute = 0,
                State = start,
                Greedy = 0.5,
                Sampled = 0.5,
                Primary = 0.5,
                Item = WorkItemId.Of(Stage, WorkKind.Validate, 0),
                Iteration = -1,
                Problems = 8,
                Solved = [],
            },
            Token);
        // As where the host went down between what the step stored and the wait for it.
        await Service<OpenWaits>().EndAsync(Run, WorkOwner.Of(Stage).Instance, Token);

        Assert.Equal(first, await TakeAsync());
    }

    [Fact]
    public async Task It_waits_for_what_the_stage_waits_for_now()
    {
        await BeginAsync();
        var later = WorkItemId.Of(Stage, WorkKind.Colocated, 32);
        await Service<OpenWaits>().WriteAsync(
            new() { Instance = WorkOwner.Of(Stage).Instance, Owner = WorkOwner.Of(Stage), Kind = WaitKind.Results, Step = 70, Items = [new(later, DateTimeOffset.UnixEpoch, 0)] }, Token);

        Assert.Equal(new(70, IsWaiting: true), await TakeAsync());
    }

    [Fact]
    public async Task It_has_ended_where_the_stage_has()
    {
        await BeginAsync();
        var owner = WorkOwner.Of(Stage);
        await Service<StageStates>().WriteEndAsync((await BegunAsync()).End(StageOutcome.Completed, "Done."), Token);
        await Service<OpenWaits>().EndAsync(Run, owner.Instance, Token);

        Assert.True((await TakeAsync()).HasEnded);
    }

    [Fact]
    public async Task It_has_ended_where_its_orchestration_was_told_so()
    {
        await BeginAsync();
        await Service<OpenWaits>().ToldAsync(Run, WorkOwner.Of(Stage).Instance, DateTimeOffset.UnixEpoch, Token);

        Assert.True((await TakeAsync()).HasEnded);
        Assert.Null(await Service<OpenWaits>().FindAsync(Run, WorkOwner.Of(Stage).Instance, Token));
    }

    /// <summary>Begins the stage and takes its first step.</summary>
    private async Task<Advanced> BeginAsync()
    {
        await Function<PrepareRun>().Run(Run, Token);
        await Service<StageStates>().TryStoreAsync(await BegunAsync(), Token);
        var first = await TakeAsync();
        Assert.True(first.IsWaiting);
        return first;
    }

    private Task<Advanced> TakeAsync() => Function<Advance>().Run(new(WorkOwner.Of(Stage), 0), Token);
}
