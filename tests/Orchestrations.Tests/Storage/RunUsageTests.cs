using System.Text.Json.Nodes;
using Curriculum.Plans;
using Curriculum.Training;
using Orchestrations.Storage;
using Orchestrations.Workflows.Activities;

namespace Orchestrations.Tests.Storage;

[Trait("Speed", "slow")]
public class RunUsageTests(StorageFixture azurite) : ActivityTest(azurite)
{
    protected override void Change(JsonNode plan) => plan["limits"] = JsonNode.Parse("""{ "tokenCap": 1000, "wallClockSecondsCap": 3600 }""");

    [Fact]
    public async Task All_attempts_of_all_arms_count_toward_the_caps_and_each_once()
    {
        var (usage, records) = (Service<RunUsage>(), Service<StageRecords>());
        var spent = new Ledger { ForwardTokens = 300, TrainedTokens = 100, Seconds = 5 };
        var (srl, rlvr) = (await BegunAsync(), await BegunAsync(new(new(Run, "rlvr", 1), 0, 0)));
        await records.WriteProgressAsync(srl with { Ledger = spent with { ForwardTokens = 200 } }, Token);
        await records.WriteProgressAsync(srl with { Ledger = spent }, Token);
        await records.WriteProgressAsync(rlvr with { Ledger = spent }, Token);
        Assert.Null(await usage.CapAsync(Run, Token));

        // A second attempt begins with what the first one used.
        await records.WriteProgressAsync(rlvr with { Key = rlvr.Key with { Attempt = 1 }, ArmBefore = new(400, 5), Ledger = spent }, Token);
        Assert.Equal("The run used 1200 tokens, which reached limits.tokenCap 1000.", await usage.CapAsync(Run, Token));
    }

    [Fact]
    public async Task The_wall_clock_counts_from_the_moment_that_the_runs_turn_had_come()
    {
        var usage = Service<RunUsage>();
        await Function<PrepareRun>().Run(Run, Token);
        Clock.Ahead = TimeSpan.FromMinutes(59);
        await Function<PrepareRun>().Run(Run, Token);
        Assert.Null(await usage.CapAsync(Run, Token));
        Clock.Ahead = TimeSpan.FromMinutes(61);
        Assert.Matches("^The run went on for 36[0-9][0-9] s, which reached limits.wallClockSecondsCap 3600.$", await usage.CapAsync(Run, Token));
    }

    [Fact]
    public void Seconds_of_workers_are_capped() => Assert.Equal(
        "Workers computed for 61 s, which reached limits.workerSecondsCap 60.5.",
        RunUsage.Reached(new() { WorkerSecondsCap = 60.5 }, new(0, 61), TimeSpan.Zero));

    [Fact]
    public void Without_a_cap_nothing_stops_a_run() =>
        Assert.Null(RunUsage.Reached(new LimitsPlan(), new(long.MaxValue, double.MaxValue), TimeSpan.MaxValue));
}
