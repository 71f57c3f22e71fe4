using Testing;

namespace EndToEnd.Tests;

/// <summary>A stage of more steps than one generation of its orchestration takes.</summary>
[Trait("Speed", "slow")]
public class LongStageTests
{
    private const int Updates = 56;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(12);

    private const string Plan = """
        {
          "name": "long",
          "base": { "model": "two-dials" },
          "training": { "family": "two-dials", "count": 16, "seed": 3001, "difficulty": [8], "demonstrations": 8 },
          "budget": { "unit": "updates", "amount": 56 },
          "seeds": [1],
          "arms": [{ "name": "base" }, { "name": "sft", "stages": [{ "method": "sft", "problemsPerIteration": 1, "checkpointEvery": 56 }] }],
          "evaluation": {
            "validation": { "family": "two-dials", "count": 2, "seed": 3002, "difficulty": [8] },
            "benchmarks": [{ "name": "fresh", "family": "two-dials", "count": 4, "seed": 3003, "difficulty": [8] }],
            "curriculum": "sft",
            "samples": 1,
            "bootstrapDraws": 100
          }
        }
        """;

    [Fact]
    public async Task A_stage_of_many_iterations_keeps_a_small_history_of_its_newest_steps_alone()
    {
        await using var stack = await LocalSystem.StartAsync(workers: 2);
        await Plans.UploadBaseAsync(stack);
        var run = await stack.SubmitAsync(Plan, "many");
        var end = await stack.WaitForEndAsync(run, Limit);
        Assert.True((string)end["state"]! == "completed", end.ToJsonString());
        Assert.Equal(Updates, (int)end["arms"]!.AsArray().Single(arm => (string)arm!["arm"]! == "sft")!["updates"]!);

        // An update is a step. The stage went on as new after 20 and 40 of them, so that its history has those that followed, and no other.
        var events = (await stack.InstancesAsync($"/{run}:sft:1:0:0?showHistory=true&showInput=true&showHistoryOutput=true"))["historyEvents"]!.AsArray();
        var steps = events.Count(each => (string)each!["EventType"]! == "EventRaised");
        Assert.InRange(steps, Updates - 40, Updates - 40 + 3);
        // The last report of a step has the next one taken: but for a lost event no activity is needed.
        Assert.InRange(events.Count(each => (string)each!["EventType"]! == "TaskCompleted"), 0, 3);
        var bytes = events.Sum(each => each!.ToJsonString().Length) / steps;
        Assert.True(bytes < 1024, $"Expected at most 1 KiB of history a step, found {bytes}.");
        TestContext.Current.SendDiagnosticMessage($"{bytes} bytes of history a step");
    }
}
