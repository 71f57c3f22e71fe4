using Testing;

namespace EndToEnd.Tests;

/// <summary>A stage of many steps, of which its orchestration hears nothing.</summary>
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
    public async Task A_stage_of_many_iterations_adds_nothing_to_its_orchestrations_history()
    {
        await using var stack = await LocalSystem.StartAsync(workers: 2);
        await Plans.UploadBaseAsync(stack);
        var run = await stack.SubmitAsync(Plan, "many");
        var end = await stack.WaitForEndAsync(run, Limit);
        Assert.True((string)end["state"]! == "completed", end.ToJsonString());
        Assert.Equal(Updates, (int)end["arms"]!.AsArray().Single(arm => (string)arm!["arm"]! == "sft")!["updates"]!);

        // An update is a step, which the report of the one before it has taken: the orchestration began the work and was told of its end. A word that was
        // late, or a step that a report could not take, is another event and another activity.
        var events = (await stack.InstancesAsync($"/{run}:sft:1:0:0?showHistory=true&showInput=true&showHistoryOutput=true"))["historyEvents"]!.AsArray();
        Assert.InRange(events.Count(each => (string)each!["EventType"]! == "EventRaised"), 1, 3);
        Assert.InRange(events.Count(each => (string)each!["EventType"]! == "TaskCompleted"), 1, 3);
        Assert.InRange(events.Sum(each => each!.ToJsonString().Length), 1, 8 * 1024);
    }
}
