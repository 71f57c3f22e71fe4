using System.Text;
using Curriculum.Plans;
using Curriculum.Stages;
using Curriculum.Training;
using Curriculum.Work;
using Orchestrations.Storage;
using Orchestrations.Workflows.Activities;

namespace Orchestrations.Tests.Storage;

[Trait("Speed", "slow")]
public class RunContinuationTests(StorageFixture azurite) : ActivityTest(azurite)
{
    private RunId Next => RunId.Parse($"{Run}-next");

    [Theory]
    [InlineData("bit flipped")]
    [InlineData("truncated")]
    [InlineData("missing")]
    [InlineData("torn manifest")]
    public async Task A_checkpoint_that_is_not_as_it_was_written_is_named_and_the_one_before_it_is_gone_on_from(string how)
    {
        await CheckpointAsync(2);
        var newest = await CheckpointAsync(4);
        await EndAsync(5, StageOutcome.Failed, "it broke");
        var spoiled = await SpoilAsync(newest, how);

        var begun = (await ContinueAsync(retry: true))!;

        Assert.Equal((2, 0, StagePhase.Iterate), (begun.Ledger.Updates, begun.Step, begun.Phase));
        Assert.StartsWith($"{Next}/checkpoints/", begun.Policy.Folder, StringComparison.Ordinal);
        Assert.Null(await Service<StateCheck>().FaultAsync(begun.Policy, Token));
        var told = (await IncidentsAsync(Next)).Select(incident => incident.What).ToList();
        Assert.Contains(told, what => what.StartsWith($"The checkpoint {newest.Folder} is not gone on from: ", StringComparison.Ordinal) && what.Contains(spoiled, StringComparison.Ordinal));
        Assert.Contains(told, what => what.Contains("after 2 updates of stage 0", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_arm_without_any_whole_checkpoint_begins_with_the_base_and_the_run_says_so()
    {
        await SpoilAsync(await CheckpointAsync(2), "truncated");
        await EndAsync(3, StageOutcome.Failed, "it broke");

        Assert.Null(await ContinueAsync(retry: true));

        Assert.Contains(
            await IncidentsAsync(Next), incident => incident.What.StartsWith("Arm srl seed 1 begins with the base: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_retry_takes_an_arm_that_ended_well_as_it_is()
    {
        await CheckpointAsync(2);
        await EndAsync(4, StageOutcome.Completed, "The budget is spent.");

        Assert.Null(await ContinueAsync(retry: true));

        var end = Assert.Single(await Service<StageStates>().EndsAsync(Arm.In(Next), Token));
        Assert.Equal((StageOutcome.Completed, 4, Next), (end.Outcome, end.Ledger.Updates, end.Key.Run));
    }

    [Fact]
    public async Task A_fork_goes_on_from_the_newest_checkpoint_that_its_budget_covers()
    {
        // A checkpoint after n updates has spent 300 n units: 3 for each of 100 n tokens.
        foreach (var updates in (int[])[2, 4, 6])
            await CheckpointAsync(updates);
        await EndAsync(6, StageOutcome.Completed, "The budget is spent.");

        var begun = (await ContinueAsync(retry: false, budget: 1300))!;

        // It goes on under its own plan's budget.
        Assert.Equal((4, 1300L), (begun.Ledger.Updates, begun.Allowed));
    }

    [Fact]
    public async Task A_fork_goes_on_from_the_checkpoint_that_is_asked_for()
    {
        foreach (var updates in (int[])[2, 4, 6])
            await CheckpointAsync(updates);

        Assert.Equal(2, (await ContinueAsync(retry: false, updates: 2))!.Ledger.Updates);
    }

    [Fact]
    public async Task What_was_taken_over_stays_so_when_the_parent_is_purged_before_another_try()
    {
        await CheckpointAsync(2);
        var first = (await ContinueAsync(retry: true))!;
        foreach (var name in await Blobs.ListAsync("runs", $"{Run}/", Token))
            await Blobs.Blob("runs", name).DeleteAsync(cancellationToken: Token);

        var again = (await ContinueAsync(retry: true))!;

        Assert.Equal(first.Policy, again.Policy);
        Assert.Null(await Service<StateCheck>().FaultAsync(again.Policy, Token));
    }

    [Fact]
    public async Task A_run_whose_parent_was_purged_fails_and_does_not_train_all_of_it_from_the_base()
    {
        await Blobs.Blob("runs", StorageNames.Plan(Run)).DeleteAsync(cancellationToken: Token);

        var refused = await Assert.ThrowsAsync<InvalidDataException>(() => ContinueAsync(retry: true));

        Assert.Contains($"Expected run {Run}, which {Next} goes on from; it was purged.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_validation_is_taken_over_with_its_item_and_its_result_as_the_new_runs_own()
    {
        var state = await CheckpointAsync(2);
        var id = WorkItemId.Of(Stage, WorkKind.Validate, 2);
        WorkItem item = new EvaluateItem { Id = id, Policy = state, Problems = [], Samples = 0, MaxNewTokens = 8, DrawKey = "validation" };
        var stored = await Blobs.FreezeAsync("work", StorageNames.Item(id), item, CurriculumJson.Default.WorkItem, Token);
        await Blobs.WriteAsync(
            "work",
            StorageNames.Result(id),
            new WorkResult { Id = id, InputHash = stored.Sha256, Output = new EvaluateOutput { Answers = [] }, Fingerprint = "", Timing = new("w-1", Clock.GetUtcNow(), 1) },
            CurriculumJson.Default.WorkResult,
            Token);
        await Service<StageRecords>().WriteValidationAsync(
            new()
            {
                Stage = Stage,
                Updates = 2,
                Compute = 0,
                State = state,
                Greedy = 1,
                Sampled = 1,
                Primary = 1,
                Item = id,
                Iteration = 1,
                Problems = 8,
                Solved = [],
            },
            Token);

        await ContinueAsync(retry: true);

        var copied = Assert.Single(await Service<StageRecords>().ReadValidationsAsync(Arm.In(Next), Token));
        Assert.Equal((Stage.In(Next), id.In(Next), state.In(Next)), (copied.Stage, copied.Item, copied.State));
        // Read as any result is: held to its item's id and bytes.
        Assert.NotNull((await Service<WorkResults>().ReadAsync(copied.Item, Token)).Output);
    }

    [Fact]
    public async Task A_run_whose_id_is_a_word_of_its_problems_corrupts_nothing_when_it_is_copied()
    {
        var run = RunId.Parse($"two-dials-{Guid.NewGuid().ToString("N")[..6]}");
        await StorePlanAsync(run);
        await Function<PrepareRun>().Run(run, Token);
        // As if the run were called by what stands in its pools.
        var pool = (await Blobs.ReadBytesAsync("runs", FrozenRun.PoolName(run, FrozenRun.TrainingPool), Token)).ToString().Replace("two-dials", run, StringComparison.Ordinal);
        await Blobs.WriteAsync("runs", FrozenRun.PoolName(run, FrozenRun.TrainingPool), Encoding.UTF8.GetBytes(pool), "application/json", Token);
        var next = RunId.Parse($"{run}-next");
        await StorePlanAsync(next, from: new(run, Retry: true));

        await Service<RunContinuation>().PrepareAsync(await Service<FrozenRun>().RecordAsync(next, Token), Token);

        Assert.Equal(pool, (await Blobs.ReadBytesAsync("runs", FrozenRun.PoolName(next, FrozenRun.TrainingPool), Token)).ToString());
    }

    [Fact]
    public void What_earlier_stages_spent_and_what_roll_backs_spent_is_the_budgets_too()
    {
        ArmPlan arm = new() { Name = "a", Stages = [new SrlPlan { Share = 0.5 }, new RlvrPlan { Share = 0.5 }] };
        BudgetPlan budget = new() { Unit = BudgetUnit.Updates, Amount = 20 };
        StageState[] ends = [At(12), At(3, 1, 0) with { RollBackTo = new(At(1).Policy, 1, 1) }];
        // 12 of 20 are spent: 8 are left for the second stage, of which a rolled-back attempt took 3.
        Assert.True(RunContinuation.IsCovered(budget, arm, ends, At(5, 1, 1, earlier: 3), isAsked: false));
        Assert.False(RunContinuation.IsCovered(budget, arm, ends, At(6, 1, 1, earlier: 3), isAsked: false));
        Assert.False(RunContinuation.IsCovered(budget, arm, ends, At(1, 2, 0), isAsked: false));
    }

    [Fact]
    public void A_stages_end_beyond_its_share_is_covered_where_it_is_asked_for_and_the_arms_budget_covers_it()
    {
        ArmPlan arm = new() { Name = "a", Stages = [new SrlPlan { Share = 0.5 }, new RlvrPlan { Share = 0.5 }] };
        BudgetPlan budget = new() { Unit = BudgetUnit.Updates, Amount = 20 };
        StageState[] ends = [At(11)];
        // 11 of the 10 that the stage was to spend.
        Assert.True(RunContinuation.IsCovered(budget, arm, ends, At(11), isAsked: true));
        Assert.False(RunContinuation.IsCovered(budget, arm, ends, At(11), isAsked: false));
        Assert.False(RunContinuation.IsCovered(budget with { Amount = 10 }, arm, ends, At(11), isAsked: true));
        Assert.True(RunContinuation.IsCovered(budget, arm, ends, At(10), isAsked: true));
    }

    /// <summary>Copies what the next run goes on from; returns the state that it goes on from, null where it begins no attempt in its middle.</summary>
    private async Task<StageState?> ContinueAsync(bool retry, int? updates = null, long budget = 1_000_000)
    {
        await StorePlanAsync(Next, plan =>
        {
            plan["budget"]!["amount"] = budget;
            plan["arms"]!.AsArray().RemoveAt(2);
        }, new(Run, retry, updates is null ? null : 0, updates));
        await Service<RunContinuation>().PrepareAsync(await Service<FrozenRun>().RecordAsync(Next, Token), Token);
        return await Blobs.ExistsAsync("runs", $"{Next}/stages/{Stage.Path}/0000000.json", Token) ? await Service<StageStates>().ReadAsync(Stage.In(Next), 0, Token) : null;
    }

    private async Task<StateRef> CheckpointAsync(int updates)
    {
        var state = await StoreStateAsync(Folder(updates));
        await Service<StageStates>().WritePointAsync(At(updates) with { Policy = state }, Token);
        return state;
    }

    private Task EndAsync(int updates, StageOutcome outcome, string reason) => Service<StageStates>().WriteEndAsync(At(updates).End(outcome, reason) with { Phase = StagePhase.End }, Token);

    private string Folder(int updates) => StorageNames.Checkpoint(Stage, updates);

    private StageState At(int updates, int stage = 0, int attempt = 0, long earlier = 0) => new()
    {
        Key = new(Arm, stage, attempt),
        Step = 2 * updates,
        Phase = StagePhase.Iterate,
        Allowed = 1_000_000,
        Policy = new("runs", $"{Run}/states/srl/1/0/0/{updates}", "00"),
        Start = new("runs", $"{Run}/base", "00"),
        Iteration = updates,
        Ledger = new() { Updates = updates, TrainedTokens = 100 * updates, Earlier = earlier },
    };
}
