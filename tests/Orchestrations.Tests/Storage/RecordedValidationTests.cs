using System.Text.Json.Nodes;
using Curriculum.Stages;
using Curriculum.Work;
using Orchestrations.Storage;
using Orchestrations.Workflows;
using Orchestrations.Workflows.Activities;

namespace Orchestrations.Tests.Storage;

/// <summary>What becomes of checkpoints as validations are recorded.</summary>
[Trait("Speed", "slow")]
public class RecordedValidationTests(StorageFixture azurite) : ActivityTest(azurite)
{
    protected override void Change(JsonNode plan)
    {
        plan["limits"] = JsonNode.Parse("""{ "keepCheckpoints": 1 }""");
        plan["arms"]![1]!["stages"]![0]!["guards"] = JsonNode.Parse("""{ "regression": { "action": "off" } }""");
    }

    [Fact]
    public async Task The_best_and_the_newest_stay_and_the_others_go_but_for_their_figures()
    {
        await Function<PrepareRun>().Run(new(Run, Run), Token);

        await RecordAsync(2, right: 3);
        Assert.Equal([2], await FoldersAsync());
        await RecordAsync(4, right: 6);
        Assert.Equal([4], await FoldersAsync());
        await RecordAsync(6, right: 1);
        Assert.Equal([4, 6], await FoldersAsync());
        await RecordAsync(8, right: 2);
        Assert.Equal([4, 8], await FoldersAsync());
        // A guard may go back to 8.
        var last = await RecordAsync(10, right: 2, new KeptState(new("runs", Folder(8), "00"), 8, 8));

        Assert.Equal([4, 8, 10], await FoldersAsync());
        Assert.Equal([2, 4, 6, 8, 10], (await Service<StageRecords>().ReadValidationsAsync(Run, "srl", 1, Token)).Select(point => point.Updates));
        Assert.Equal([4, 8, 10], (await Service<StagePoints>().KeptAsync(Run, "srl", 1, Token)).Select(point => point.Progress.Updates));
        Assert.Null(await Service<StateCheck>().FaultAsync(last, Token));
    }

    [Theory]
    [InlineData(StageOutcome.Completed, true)]
    [InlineData(StageOutcome.Starved, true)]
    [InlineData(StageOutcome.StoppedByGuard, false)]
    [InlineData(StageOutcome.StoppedByCap, false)]
    [InlineData(StageOutcome.Canceled, false)]
    public async Task A_stages_end_is_gone_on_from_unless_it_was_cut_short(StageOutcome outcome, bool isCheckpoint)
    {
        await Function<PrepareRun>().Run(new(Run, Run), Token);

        await RecordAsync(7, right: 3, outcome);

        var points = await Service<StagePoints>().KeptAsync(Run, "srl", 1, Token);
        Assert.Equal(isCheckpoint ? [(7, null)] : Array.Empty<(int, StageOutcome?)>(), points.Select(point => (point.Progress.Updates, point.Progress.Outcome)));
    }

    private Task<StateRef> RecordAsync(int updates, int right, params KeptState[] kept) => RecordAsync(updates, right, outcome: null, kept);

    private async Task<StateRef> RecordAsync(int updates, int right, StageOutcome? outcome, params KeptState[] kept)
    {
        var state = await StoreStateAsync(Folder(updates));
        var progress = new StageProgress { State = state, Updates = updates, Iteration = updates, Kept = kept, Outcome = outcome };
        var item = await Service<Checkpoints>().ValidateAsync(Stage, progress, state, Token);
        await Service<WorkDispatch>().SendAsync([item], "instance", Token);
        var output = new EvaluateOutput
        {
            Answers =
            [
                .. item.Problems.Select((problem, index) => new ProblemAnswers
                {
                    ProblemId = problem.Id,
                    GreedyCorrect = index < right,
                    GreedyStepsValid = index < right,
                    GreedyText = "",
                    Samples = 4,
                    SamplesCorrect = index < right ? 4 : 0,
                    SamplesStepsValid = 0,
                    MeanTokens = 8,
                }),
            ],
        };
        await Blobs.WriteAsync(
            "work",
            StorageNames.Result(item.Id),
            new WorkResult { Id = item.Id, InputHash = "00", Output = output, Fingerprint = "", Timing = new("w-1", Clock.GetUtcNow(), 1) },
            CurriculumJson.Default.WorkResult,
            Token);
        await Function<RecordValidation>().Run(new(Stage, progress, item.Id), Token);
        return state;
    }

    /// <summary>The updates of the checkpoints of which any blob is left.</summary>
    private async Task<IEnumerable<int>> FoldersAsync() =>
        (await Blobs.ListAsync("runs", $"{Run}/checkpoints/", Token))
            .Select(name => int.Parse(name.Split('/')[^2], System.Globalization.CultureInfo.InvariantCulture))
            .Distinct()
            .Order();

    private string Folder(int updates) => StorageNames.Checkpoint(Run, "srl", 1, 0, 0, updates);
}
