using System.Text.Json.Nodes;
using Curriculum.Findings;
using Curriculum.Stages;
using Curriculum.Work;
using Orchestrations.Storage;
using Orchestrations.Tests.Storage;
using Orchestrations.Workflows.Procedures;

namespace Orchestrations.Tests.Workflows;

/// <summary>A run that reaches a cap while it waits.</summary>
[Trait("Speed", "slow")]
public class CappedWorkTests(StorageFixture azurite) : WaitedWorkTest(azurite)
{
    private static readonly WorkKind[] Stopped = [WorkKind.Import, WorkKind.Pretrain, WorkKind.Rollout, WorkKind.Pilot, WorkKind.Check, WorkKind.Update];
    private static readonly WorkKind[] Measuring = [WorkKind.Validate, WorkKind.Evaluate, WorkKind.Audit, WorkKind.Probe];

    protected override void Change(JsonNode plan) =>
        plan["limits"] = JsonNode.Parse("""{ "wallClockSecondsCap": 3600, "tokenCap": 1000, "stalledSeconds": 3600 }""");

    [Fact]
    public async Task Training_that_no_worker_has_is_ended_at_the_wall_clocks_cap_and_what_a_worker_has_or_what_measures_is_not()
    {
        await Service<RunUsage>().BeginAsync(Run, Token);
        var items = await DispatchAsync([.. Stopped, .. Measuring, WorkKind.Rollout]);
        await ClaimAsync(items[^1].Id);
        Assert.Empty((await LookAsync(items)).Done);

        Clock.Ahead = TimeSpan.FromMinutes(61);
        await ClaimAsync(items[^1].Id);
        var seen = await LookAsync(items);

        Assert.Equal(Stopped.Order(), seen.Done.Select(id => id.Kind).Order());
        var first = seen.Done.First();
        var failure = (await Service<WorkResults>().ReadAsync(first, Token)).Failure!;
        Assert.Equal(WorkFailure.Capped, failure.Kind);
        Assert.Matches("^The run went on for 36[0-9][0-9] s, which reached limits.wallClockSecondsCap 3600.$", failure.Message);
    }

    [Fact]
    public async Task A_paused_run_is_not_stopped_until_it_goes_on()
    {
        await Service<RunUsage>().BeginAsync(Run, Token);
        var items = await DispatchAsync([WorkKind.Update]);
        await SetDesiredStateAsync(DesiredState.Pause);
        Clock.Ahead = TimeSpan.FromMinutes(61);
        Assert.Empty((await LookAsync(items)).Done);

        await SetDesiredStateAsync(DesiredState.Run);
        Assert.Single((await LookAsync(items)).Done);
    }

    [Fact]
    public async Task What_a_starving_iteration_used_up_counts_toward_the_caps_of_the_others()
    {
        var items = await DispatchAsync([WorkKind.Update]);
        var other = await BegunAsync(new(new(Run, "rlvr", 1), 0, 0));
        await Service<StageWriter>().WriteEndAsync((other with { Ledger = new() { ForwardTokens = 1000 } }).End(StageOutcome.Starved, "No group was of use."), Token);

        Assert.Single((await LookAsync(items)).Done);
        Assert.Equal(
            "The run used 1000 tokens, which reached limits.tokenCap 1000.",
            (await Service<WorkResults>().ReadAsync(items[0].Id, Token)).Failure!.Message);
    }

    private Task ClaimAsync(WorkItemId id) => Blobs.WriteAsync(
        StorageNames.WorkContainer,
        StorageNames.Claim(id),
        new WorkClaim { Worker = "w-7", StartedAt = Clock.GetUtcNow(), LastProgress = Clock.GetUtcNow(), Progress = 0.4 },
        CurriculumJson.Default.WorkClaim,
        Token);
}
