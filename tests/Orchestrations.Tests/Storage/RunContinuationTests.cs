using Curriculum.Plans;
using Curriculum.Stages;
using Curriculum.Work;
using Orchestrations.Storage;
using Orchestrations.Workflows;
using Orchestrations.Workflows.Activities;

namespace Orchestrations.Tests.Storage;

[Trait("Speed", "slow")]
public class RunContinuationTests(StorageFixture azurite) : ActivityTest(azurite)
{
    private string Next => $"{Run}-next";

    [Theory]
    [InlineData("bit flipped")]
    [InlineData("truncated")]
    [InlineData("missing")]
    [InlineData("torn manifest")]
    public async Task A_checkpoint_that_is_not_as_it_was_written_is_named_and_the_one_before_it_is_gone_on_from(string how)
    {
        await CheckpointAsync(2);
        var newest = await CheckpointAsync(4);
        await Service<StagePoints>().WriteEndAsync(Stage, At(5).End(StageOutcome.Failed, "it broke"), Token);
        var spoiled = await SpoilAsync(newest, how);

        var resume = Assert.Single(await ContinueAsync(retry: true));

        Assert.Equal(2, resume.Begun!.Progress.Updates);
        Assert.StartsWith($"{Next}/checkpoints/", resume.Begun.Progress.State.Folder, StringComparison.Ordinal);
        Assert.Null(await Service<StateCheck>().FaultAsync(resume.Begun.Progress.State, Token));
        var told = (await IncidentsAsync(Next)).Select(incident => incident.What).ToList();
        Assert.Contains(told, what => what.StartsWith($"The checkpoint {newest.Folder} is not gone on from: ", StringComparison.Ordinal) && what.Contains(spoiled, StringComparison.Ordinal));
        Assert.Contains(told, what => what.Contains("after 2 updates of stage 0", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_arm_without_any_whole_checkpoint_begins_with_the_base_and_the_run_says_so()
    {
        await SpoilAsync(await CheckpointAsync(2), "truncated");
        await Service<StagePoints>().WriteEndAsync(Stage, At(3).End(StageOutcome.Failed, "it broke"), Token);

        Assert.Empty(await ContinueAsync(retry: true));

        Assert.Contains(
            await IncidentsAsync(Next), incident => incident.What.StartsWith("Arm srl seed 1 begins with the base: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_retry_takes_an_arm_that_ended_well_as_it_is()
    {
        await CheckpointAsync(2);
        var end = At(4).End(StageOutcome.Completed, "The budget is spent.") with { State = await StoreStateAsync($"{Folder(4)}") };
        await Service<StagePoints>().WriteEndAsync(Stage, end, Token);

        var resume = Assert.Single(await ContinueAsync(retry: true));

        Assert.Null(resume.Begun);
        Assert.Equal((StageOutcome.Completed, 4), (resume.EndOf(0, 0)!.Outcome, resume.EndOf(0, 0)!.Updates));
    }

    [Fact]
    public async Task A_fork_goes_on_from_the_newest_checkpoint_that_its_budget_covers()
    {
        // A checkpoint after n updates has spent 300 n units: 3 for each of 100 n tokens.
        foreach (var updates in (int[])[2, 4, 6])
            await CheckpointAsync(updates);
        await Service<StagePoints>().WriteEndAsync(Stage, At(6).End(StageOutcome.Completed, "The budget is spent."), Token);

        var resume = Assert.Single(await ContinueAsync(retry: false, budget: 1300));

        Assert.Equal(4, resume.Begun!.Progress.Updates);
    }

    [Fact]
    public async Task A_fork_goes_on_from_the_checkpoint_that_is_asked_for()
    {
        foreach (var updates in (int[])[2, 4, 6])
            await CheckpointAsync(updates);

        Assert.Equal(2, Assert.Single(await ContinueAsync(retry: false, updates: 2)).Begun!.Progress.Updates);
    }

    [Fact]
    public async Task What_was_taken_over_stays_so_when_the_parent_is_purged_before_another_try()
    {
        await CheckpointAsync(2);
        var first = Assert.Single(await ContinueAsync(retry: true));
        foreach (var name in await Blobs.ListAsync("runs", $"{Run}/", Token))
            await Blobs.Blob("runs", name).DeleteAsync(cancellationToken: Token);

        var again = Assert.Single(await ContinueAsync(retry: true));

        Assert.Equal(first.Begun!.Progress.State, again.Begun!.Progress.State);
        Assert.Null(await Service<StateCheck>().FaultAsync(again.Begun.Progress.State, Token));
    }

    [Fact]
    public async Task A_run_whose_parent_was_purged_fails_and_does_not_train_all_of_it_from_the_base()
    {
        await Blobs.Blob("runs", StorageNames.Plan(Run)).DeleteAsync(cancellationToken: Token);

        var refused = await Assert.ThrowsAsync<InvalidDataException>(() => ContinueAsync(retry: true));

        Assert.Contains($"Expected run {Run}, which {Next} goes on from; it was purged.", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_validation_that_was_canceled_is_done_again()
    {
        await CheckpointAsync(2);
        string Item(int iteration) => new WorkItemId(Run, "srl", 1, 0, 0, iteration, 0, 0, WorkKind.Validate).ToString();
        await StoreResultAsync(Item(2), null);
        await StoreResultAsync(Item(4), new("canceled", "The run was canceled."));

        await ContinueAsync(retry: true);

        Assert.Equal(
            [StorageNames.Result(Item(2).Replace(Run, Next, StringComparison.Ordinal))],
            await Blobs.ListAsync("work", $"{Next}/", Token));
    }

    private Task StoreResultAsync(string item, WorkFailure? failure) => Blobs.WriteAsync(
        "work", StorageNames.Result(item), new WorkResult { Id = item, InputHash = "00", Failure = failure, Fingerprint = "", Timing = new("w-1", Clock.GetUtcNow(), 1) }, CurriculumJson.Default.WorkResult, Token);

    [Fact]
    public void What_earlier_stages_spent_and_what_roll_backs_spent_is_the_budgets_too()
    {
        ArmPlan arm = new() { Name = "a", Stages = [new() { Method = Method.Srl, Share = 0.5 }, new() { Method = Method.Rlvr, Share = 0.5 }] };
        BudgetPlan budget = new() { Unit = BudgetUnit.Updates, Amount = 20 };
        StageEnding[] ends = [new(0, 0, At(12)), new(1, 0, At(3) with { RollBackTo = new(At(1).State, 1, 1) })];
        // 12 of 20 are spent: 8 are left for the second stage, of which a rolled-back attempt took 3.
        Assert.True(RunContinuation.IsCovered(budget, arm, ends, new(1, 1, At(5) with { Earlier = 3 }), isAsked: false));
        Assert.False(RunContinuation.IsCovered(budget, arm, ends, new(1, 1, At(6) with { Earlier = 3 }), isAsked: false));
        Assert.False(RunContinuation.IsCovered(budget, arm, ends, new(2, 0, At(1)), isAsked: false));
    }

    [Fact]
    public void A_stages_end_beyond_its_share_is_covered_where_it_is_asked_for_and_the_arms_budget_covers_it()
    {
        ArmPlan arm = new() { Name = "a", Stages = [new() { Method = Method.Srl, Share = 0.5 }, new() { Method = Method.Rlvr, Share = 0.5 }] };
        BudgetPlan budget = new() { Unit = BudgetUnit.Updates, Amount = 20 };
        StageEnding[] ends = [new(0, 0, At(11))];
        // 11 of the 10 that the stage was to spend.
        Assert.True(RunContinuation.IsCovered(budget, arm, ends, new(0, 0, At(11)), isAsked: true));
        Assert.False(RunContinuation.IsCovered(budget, arm, ends, new(0, 0, At(11)), isAsked: false));
        Assert.False(RunContinuation.IsCovered(budget with { Amount = 10 }, arm, ends, new(0, 0, At(11)), isAsked: true));
        Assert.True(RunContinuation.IsCovered(budget, arm, ends, new(0, 0, At(10)), isAsked: true));
    }

    private async Task<IReadOnlyList<ArmResume>> ContinueAsync(bool retry, int? updates = null, long budget = 1_000_000)
    {
        await StorePlanAsync(Next, plan =>
        {
            plan["budget"]!["amount"] = budget;
            plan["arms"]!.AsArray().RemoveAt(2);
        }, new(Run, retry, updates is null ? null : 0, updates));
        return await Service<RunContinuation>().PrepareAsync(await Service<FrozenRun>().RecordAsync(Next, Token), Token);
    }

    private async Task<StateRef> CheckpointAsync(int updates)
    {
        var state = await StoreStateAsync(Folder(updates));
        await Service<StagePoints>().WriteCheckpointAsync(Stage, At(updates), state, Token);
        return state;
    }

    private string Folder(int updates) => StorageNames.Checkpoint(Run, "srl", 1, 0, 0, updates);

    private StageProgress At(int updates) =>
        new() { State = new("runs", $"{Run}/states/srl/1/0/0/{updates}", "00"), Updates = updates, Iteration = updates, TrainedTokens = 100 * updates };
}
