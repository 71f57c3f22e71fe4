using Testing;

namespace EndToEnd.Tests;

/// <summary>A stage of more batches than one generation of its orchestration runs.</summary>
[Trait("Speed", "slow")]
public class LongStageTests
{
    private const int Updates = 56;
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(12);

    private static string Plan(int iterationsPerBatch) => $$"""
        {
          "name": "long",
          "base": { "model": "two-dials" },
          "training": { "family": "two-dials", "count": 16, "seed": 3001, "difficulty": [8], "demonstrations": 8 },
          "budget": { "unit": "updates", "amount": {{Updates}} },
          "seeds": [1],
          "arms": [{ "name": "base" }, { "name": "sft", "stages": [{ "method": "sft", "problemsPerIteration": 1, "checkpointEvery": {{Updates}} }] }],
          "evaluation": {
            "validation": { "family": "two-dials", "count": 2, "seed": 3002, "difficulty": [8] },
            "benchmarks": [{ "name": "fresh", "family": "two-dials", "count": 4, "seed": 3003, "difficulty": [8] }],
            "curriculum": "sft",
            "samples": 1,
            "bootstrapDraws": 100
          },
          "limits": { "iterationsPerBatch": {{iterationsPerBatch}} }
        }
        """;

    [Fact]
    public async Task A_stage_of_more_than_fifty_batches_keeps_a_bounded_history_and_ends_as_with_fewer()
    {
        await using var stack = await LocalSystem.StartAsync(workers: 2);
        await Plans.UploadBaseAsync(stack);
        var many = await stack.SubmitAsync(Plan(1), "many");
        var few = await stack.SubmitAsync(Plan(20), "few");
        foreach (var run in (string[])[many, few])
        {
            var end = await stack.WaitForEndAsync(run, Limit);
            Assert.True((string)end["state"]! == "completed", end.ToJsonString());
            Assert.Equal(Updates, (int)end["arms"]!.AsArray().Single(arm => (string)arm!["arm"]! == "sft")!["updates"]!);
        }

        // The stage went on as new after 50 batches: its history has those that followed, and no other.
        var stage = await stack.InstancesAsync($"/{many}:sft:1:0:0?showHistory=true");
        var batches = stage["historyEvents"]!.AsArray().Count(each => ((string)each!["EventType"]!).StartsWith("SubOrchestrationInstanceC", StringComparison.Ordinal));
        Assert.InRange(batches, Updates - 50, Updates - 50 + 1);

        // The same weights; the verdicts' intervals are drawn anew for another plan.
        Assert.Equal(await StoredRun.CheckpointsAsync(stack, few), await StoredRun.CheckpointsAsync(stack, many));
    }
}
