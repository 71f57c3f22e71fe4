using Curriculum.Work;
using Orchestrations.Storage;
using Orchestrations.Tests.Storage;
using Orchestrations.Workflows.Activities;

namespace Orchestrations.Tests.Workflows;

[Trait("Speed", "slow")]
public class TestAccessLogTests(StorageFixture azurite) : ActivityTest(azurite)
{
    [Fact]
    public async Task An_evaluation_that_failed_is_in_the_log_with_what_was_answered()
    {
        var plan = await StorePlanAsync(Run);
        await Function<PrepareRun>().Run(Run, Token);
        var at = new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
        var (whole, broken, silent) = (Item("srl", 0), Item("rlvr", 0), Item("rlvr", 1));
        await AnswerAsync(whole, at, null);
        await AnswerAsync(broken, at.AddHours(1), new("bad-item", "It broke."));
        // Ended without a worker: nobody read it.
        await AnswerAsync(silent, at.AddHours(2), new("stalled", "No worker was left."), worker: "nobody");
        ArmEvaluation[] evaluations =
        [
            new(new(Run, "srl", 1), new("runs", "a", "00"), [new("fresh", [whole])]),
            new(new(Run, "rlvr", 1), new("runs", "b", "00"), [new("fresh", [broken, silent])]),
        ];

        var log = await Service<TestAccessLog>().ReadAsync(Run, plan, new([], null), evaluations, Token);

        Assert.Equal(["srl", "rlvr"], log.Where(access => access.Purpose == "evaluate").Select(access => access.Arm));
        Assert.Equal([whole.ToString(), broken.ToString()], log.Where(access => access.Purpose == "evaluate").Select(access => access.Item));
        Assert.Single(log, access => access.Purpose == "freeze");
    }

    private WorkItemId Item(string arm, int chunk) => WorkItemId.Of(WorkOwner.Evaluation(new(Run, arm, 1), 1), WorkKind.Evaluate, chunk);

    private async Task AnswerAsync(WorkItemId id, DateTimeOffset at, WorkFailure? failure, string worker = "worker-1")
    {
        WorkItem item = new EvaluateItem { Id = id, Policy = new("runs", "a", "00"), Problems = [], Samples = 0, MaxNewTokens = 8, DrawKey = "x" };
        var stored = await Blobs.FreezeAsync(StorageNames.WorkContainer, StorageNames.Item(id), item, CurriculumJson.Default.WorkItem, Token);
        var result = new WorkResult
        {
            Id = id,
            InputHash = stored.Sha256,
            Output = failure is null ? new EvaluateOutput { Answers = [] } : null,
            Failure = failure,
            Fingerprint = "cpu",
            Timing = new(worker, at, 1),
        };
        await Blobs.TryCreateAsync(StorageNames.WorkContainer, StorageNames.Result(id), result, CurriculumJson.Default.WorkResult, Token);
    }
}
