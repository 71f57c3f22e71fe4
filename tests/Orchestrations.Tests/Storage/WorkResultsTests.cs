using System.Text;
using System.Text.Json;
using Curriculum.Texts;
using Curriculum.Training;
using Curriculum.Work;
using Orchestrations.Storage;
using Orchestrations.Workflows;
using Orchestrations.Workflows.Activities;
using Orchestrations.Workflows.Procedures;

namespace Orchestrations.Tests.Storage;

/// <summary>What is stored in the place of a result and is not the item's: it trains nothing, whoever wrote it.</summary>
[Trait("Speed", "slow")]
public class WorkResultsTests(StorageFixture azurite) : ActivityTest(azurite)
{
    [Theory]
    [InlineData("another item's", "it is the result of ")]
    [InlineData("of another input", "its input has the SHA-256 00, expected ")]
    [InlineData("of another kind of work", "its output is of another kind of work")]
    [InlineData("infinite", "a figure of its output is not finite")]
    [InlineData("neither output nor failure", "it has both or neither of an output and a failure")]
    [InlineData("garbled", "it cannot be read")]
    public async Task A_result_that_is_not_the_items_is_set_aside_and_named_and_the_item_has_none_again(string what, string fault)
    {
        var item = Item(0);
        var awaited = AwaitedResult.Of(item);
        var right = Result(awaited);
        var wrong = what switch
        {
            "another item's" => right with { Id = Item(1).Id },
            "of another input" => right with { InputHash = "00" },
            "of another kind of work" => right with { Output = new RolloutOutput { Groups = [], ForwardTokens = 1 } },
            "neither output nor failure" => right with { Output = null },
            _ => right,
        };
        var bytes = JsonSerializer.SerializeToUtf8Bytes(wrong, CurriculumJson.Default.WorkResult);
        if (what == "infinite")
            bytes = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes).Replace("\"seconds\":1", "\"seconds\":1e999", StringComparison.Ordinal));
        await StoreAsync(awaited.Id, what == "garbled" ? bytes.AsMemory(0, bytes.Length / 2) : bytes);

        Assert.Null(await Service<WorkResults>().FindAsync(awaited, Token));

        Assert.Contains(fault, Assert.Single(await IncidentsAsync()).What, StringComparison.Ordinal);
        Assert.Contains(awaited.Id.ToString(), (await IncidentsAsync())[0].What, StringComparison.Ordinal);
        Assert.False(await Blobs.ExistsAsync("work", StorageNames.Result(awaited.Id), Token));
        Assert.Single(await Blobs.ListAsync("work", $"{awaited.Id}/set-aside/", Token));

        await StoreAsync(awaited.Id, JsonSerializer.SerializeToUtf8Bytes(right, CurriculumJson.Default.WorkResult));
        Assert.NotNull(await Service<WorkResults>().FindAsync(awaited, Token));
    }

    [Fact]
    public async Task An_item_whose_results_are_wrong_time_after_time_is_given_up_by_name()
    {
        var awaited = AwaitedResult.Of(Item(0));
        WorkResult? end = null;
        for (var n = 0; n < 3; n++)
        {
            Assert.Null(end);
            await StoreAsync(awaited.Id, JsonSerializer.SerializeToUtf8Bytes(Result(awaited) with { Fingerprint = $"{n}", InputHash = "00" }, CurriculumJson.Default.WorkResult));
            end = await Service<WorkResults>().FindAsync(awaited, Token);
        }

        Assert.Equal(WorkFailure.WrongResult, end!.Failure!.Kind);
    }

    [Fact]
    public async Task A_stage_sends_an_item_again_whose_result_was_anothers_and_comes_to_the_same_state()
    {
        await Function<PrepareRun>().Run(Run, Token);
        await StoreStateAsync($"{Run}/base");
        var begun = (await Function<BeginStage>().Run(Arm, Token))!;
        var owner = WorkOwner.Of(begun);
        var advance = Function<Advance>();
        var first = await advance.Run(new(owner, 0), Token);
        var state = await Service<StageStates>().ReadAsync(begun, first.Step, Token);
        Assert.Equal(StagePhase.Validate, state.Phase);
        await WorkQueue.ClearMessagesAsync(Token);

        // Another item's result in the place of the one that is waited for.
        var awaited = Assert.Single(state.Awaited);
        var right = Result(awaited) with { Output = await AnswersAsync() };
        await StoreAsync(awaited.Id, JsonSerializer.SerializeToUtf8Bytes(right with { Id = Item(5).Id }, CurriculumJson.Default.WorkResult));
        var again = await advance.Run(new(owner, first.Step), Token);
        Assert.Equal(new(first.Step, IsWaiting: true), again);
        Assert.Equal(1, (await WorkQueue.GetPropertiesAsync(Token)).Value.ApproximateMessagesCount);
        Assert.Equal(awaited.Id, Assert.Single(Assert.Single(await WaitsAsync()).Items).Id);

        await StoreAsync(awaited.Id, JsonSerializer.SerializeToUtf8Bytes(right, CurriculumJson.Default.WorkResult));
        var next = await advance.Run(new(owner, first.Step), Token);
        var after = await Service<StageStates>().ReadAsync(begun, next.Step, Token);
        Assert.Equal((first.Step + 1, StagePhase.Sample), (next.Step, after.Phase));
    }

    [Fact]
    public async Task A_step_that_is_taken_twice_stands_as_it_was_taken_first_whatever_people_wish_meanwhile()
    {
        await Function<PrepareRun>().Run(Run, Token);
        await StoreStateAsync($"{Run}/base");
        var begun = (await Function<BeginStage>().Run(Arm, Token))!;
        Assert.Equal(begun, await Function<BeginStage>().Run(Arm, Token));
        var (owner, advance) = (WorkOwner.Of(begun), Function<Advance>());
        var first = await advance.Run(new(owner, 0), Token);
        var awaited = Assert.Single((await Service<StageStates>().ReadAsync(begun, first.Step, Token)).Awaited);
        await StoreAsync(awaited.Id, JsonSerializer.SerializeToUtf8Bytes(Result(awaited) with { Output = await AnswersAsync() }, CurriculumJson.Default.WorkResult));
        var sampling = await advance.Run(new(owner, first.Step), Token);
        var state = await Service<StageStates>().ReadAsync(begun, sampling.Step, Token);

        await SetDesiredStateAsync(DesiredState.Cancel);
        var twice = await (await Service<ProcedureOf>().FindAsync(owner, Token)).AdvanceAsync(owner, first.Step, Token);

        Assert.Equal(sampling, twice);
        Assert.Equal(
            JsonSerializer.Serialize(state, TrainingJson.Default.StageState),
            JsonSerializer.Serialize(await Service<StageStates>().ReadAsync(begun, sampling.Step, Token), TrainingJson.Default.StageState));
    }

    [Fact]
    public async Task An_orchestration_that_fell_behind_is_told_how_far_the_work_is_and_takes_no_step_again()
    {
        var (owner, first, awaited) = await AnsweredAsync();
        // The work goes on without the orchestration, which is told nothing.
        Assert.Null(await Service<ReportedSteps>().TakeAsync(new(awaited.Id, owner.Instance), Token));
        var ahead = Assert.Single(await WaitsAsync());
        var messages = (await WorkQueue.GetPropertiesAsync(Token)).Value.ApproximateMessagesCount;
        // What the step read is gone, as a checkpoint is once later ones are better.
        await Blobs.TryDeleteAsync("work", StorageNames.Result(awaited.Id), Token);

        var told = await Function<Advance>().Run(new(owner, first.Step), Token);

        Assert.Equal(new(ahead.Step, IsWaiting: true), told);
        Assert.True(ahead.Step > first.Step);
        Assert.Equal(messages, (await WorkQueue.GetPropertiesAsync(Token)).Value.ApproximateMessagesCount);
    }

    [Fact]
    public async Task The_report_of_the_last_result_takes_the_step_once_and_sends_what_follows()
    {
        var (owner, first, awaited) = await AnsweredAsync();
        var steps = Service<ReportedSteps>();
        var messages = (await WorkQueue.GetPropertiesAsync(Token)).Value.ApproximateMessagesCount;
        ResultMessage report = new(awaited.Id, owner.Instance);

        Assert.All(await Task.WhenAll(steps.TakeAsync(report, Token), steps.TakeAsync(report, Token)), Assert.Null);

        var wait = Assert.Single(await WaitsAsync());
        var state = await Service<StageStates>().ReadAsync(owner.Key, wait.Step, Token);
        Assert.Equal(first.Step + 1, wait.Step);
        Assert.Equal(state.Awaited.Select(one => one.Id.ToString()).Order(StringComparer.Ordinal), wait.Items.Select(item => item.Id.ToString()).Order(StringComparer.Ordinal));
        Assert.Equal(messages + state.Awaited.Count, (await WorkQueue.GetPropertiesAsync(Token)).Value.ApproximateMessagesCount);

        // Of the results that are waited for now none is there: a report that came too early has nothing taken.
        Assert.Null(await steps.TakeAsync(new(state.Awaited[0].Id, owner.Instance), Token));
        Assert.Null(await steps.TakeAsync(report, Token));
        Assert.Equal(messages + state.Awaited.Count, (await WorkQueue.GetPropertiesAsync(Token)).Value.ApproximateMessagesCount);
    }

    [Fact]
    public async Task A_step_whose_host_died_before_its_items_were_sent_is_taken_by_the_same_report_and_sends_them()
    {
        var (owner, _, awaited) = await AnsweredAsync();
        var before = Assert.Single(await WaitsAsync());
        ResultMessage report = new(awaited.Id, owner.Instance);
        Assert.Null(await Service<ReportedSteps>().TakeAsync(report, Token));
        var after = Assert.Single(await WaitsAsync());

        // As the host leaves it that dies in between: the state and the items are stored, nothing is sent, and the wait, which is written last, is the one before.
        await Service<OpenWaits>().WriteAsync(before, Token);
        await WorkQueue.ClearMessagesAsync(Token);

        Assert.Null(await Service<ReportedSteps>().TakeAsync(report, Token));

        Assert.Equal(after.Items.Count, (await WorkQueue.GetPropertiesAsync(Token)).Value.ApproximateMessagesCount);
        var again = Assert.Single(await WaitsAsync());
        Assert.Equal((after.Step, after.Items.Count), (again.Step, again.Items.Count));
    }

    /// <summary>A stage whose first step was taken, and the result that it waits for stored.</summary>
    private async Task<(WorkOwner Owner, Advanced First, AwaitedResult Awaited)> AnsweredAsync()
    {
        await Function<PrepareRun>().Run(Run, Token);
        await StoreStateAsync($"{Run}/base");
        var begun = (await Function<BeginStage>().Run(Arm, Token))!;
        var first = await Function<Advance>().Run(new(WorkOwner.Of(begun), 0), Token);
        var awaited = Assert.Single((await Service<StageStates>().ReadAsync(begun, first.Step, Token)).Awaited);
        await StoreAsync(awaited.Id, JsonSerializer.SerializeToUtf8Bytes(Result(awaited) with { Output = await AnswersAsync() }, CurriculumJson.Default.WorkResult));
        return (WorkOwner.Of(begun), first, awaited);
    }

    [Fact]
    public async Task A_report_whose_step_cannot_be_taken_leaves_it_to_the_orchestration_and_the_last_one_says_that_the_work_has_ended()
    {
        await Function<PrepareRun>().Run(Run, Token);
        var owner = WorkOwner.OfRun(Run, WorkScope.Base);
        var first = await Function<Advance>().Run(new(owner, 0), Token);
        var item = Assert.Single(Assert.Single(await WaitsAsync()).Items).Id;
        ResultMessage report = new(item, owner.Instance);

        // The base failed: what the step throws is the orchestration's to say.
        var input = await Service<JsonBlobs>().ReadBytesAsync("work", StorageNames.Item(item), Token);
        var failed = new WorkResult
        {
            Id = item,
            InputHash = Sha256Hex.Of(input.ToMemory().Span),
            Failure = new("bad-item", "No such model."),
            Fingerprint = "cpu",
            Timing = new("w-1", Clock.GetUtcNow(), 1)
        };
        await StoreAsync(item, JsonSerializer.SerializeToUtf8Bytes(failed, CurriculumJson.Default.WorkResult));
        Assert.Equal(new(first.Step), await Service<ReportedSteps>().TakeAsync(report, Token));

        // It is there after all.
        await StoreStateAsync($"{Run}/base");
        Assert.Equal(new(first.Step, HasEnded: true), await Service<ReportedSteps>().TakeAsync(report, Token));
        // Until the orchestration is told, the wait stays, for whoever has to say it again.
        Assert.Equal(first.Step, Assert.Single(await WaitsAsync()).Step);
    }

    private async Task<EvaluateOutput> AnswersAsync() => new()
    {
        Answers =
        [
            .. (await Service<FrozenRun>().PoolAsync(Run, FrozenRun.ValidationPool, Token)).Select(problem => new ProblemAnswers
            {
                ProblemId = problem.Id, GreedyCorrect = false, GreedyStepsValid = false, GreedyText = "", Samples = 4, SamplesCorrect = 0, SamplesStepsValid = 0, MeanTokens = 8,
            }),
        ],
    };

    private EvaluateItem Item(int chunk) => new()
    {
        Id = WorkItemId.Of(Stage, WorkKind.Validate, 0, chunk: chunk),
        Policy = new("runs", $"{Run}/base", "00"),
        Problems = [],
        Samples = 0,
        MaxNewTokens = 8,
        DrawKey = "validation",
    };

    private WorkResult Result(AwaitedResult awaited) => new()
    {
        Id = awaited.Id,
        InputHash = awaited.InputHash,
        Output = new EvaluateOutput { Answers = [] },
        Fingerprint = "cpu",
        Timing = new("w-1", Clock.GetUtcNow(), 1),
    };

    private Task StoreAsync(WorkItemId id, ReadOnlyMemory<byte> bytes) => Blobs.WriteAsync("work", StorageNames.Result(id), bytes, "application/json", Token);
}
