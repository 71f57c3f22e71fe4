using System.Text.Json.Nodes;
using Azure.Storage.Blobs;
using Testing;

namespace EndToEnd.Tests;

/// <summary>What steers a stage, through the real workflow: a guard that rolls back until it may not, a profile that finds nothing solvable, a gate that repeats and stops.</summary>
[Trait("Speed", "slow")]
public class ControlTests
{
    private static readonly string[] Classes = ["aim", "band", "tooEasy", "tooHard", "unknown", "auditFailed", "notPiloted"];

    // The guard's limits are nothing: a completion shorter than the first, or one rewarded for a guess, sets it off. The base solves level 5 and not level 12.
    private const string Plan = """
        {
          "name": "control",
          "base": { "model": "two-dials" },
          "training": { "family": "two-dials", "count": 24, "seed": 3001, "difficulty": [5, 12], "demonstrations": 4 },
          "budget": { "amount": 200000 },
          "seeds": [1],
          "arms": [
            {
              "name": "guarded",
              "stages": [{
                "method": "rlvr", "problemsPerIteration": 8, "checkpointEvery": 1, "maxNewTokens": 64, "rolloutItems": 1,
                "admission": { "refillRounds": 12, "loneSuccess": { "action": "check", "samples": 4 } },
                "guards": { "window": 1, "rollbacks": 1, "lengthCollapse": { "action": "roll-back", "minimumShare": 1 }, "skippedComputation": { "action": "roll-back", "maximumRewarded": 0 } }
              }]
            },
            {
              "name": "gated",
              "stages": [{
                "method": "srl", "share": 0.2, "problemsPerIteration": 2, "maxNewTokens": 12, "checkpointEvery": 5,
                "profile": { "rollouts": 2, "againEvery": 0 },
                "gate": { "minimumPassAtK": 1, "passK": 2, "minimumFormatRate": 1, "repeats": 1 }
              }, { "method": "rlvr", "share": 0.8 }]
            }
          ],
          "evaluation": {
            "validation": { "family": "two-dials", "count": 12, "seed": 3002, "difficulty": [12] },
            "benchmarks": [{ "name": "fresh", "family": "two-dials", "count": 12, "seed": 3003, "difficulty": [8] }],
            "curriculum": "gated",
            "samples": 2,
            "bootstrapDraws": 500
          }
        }
        """;

    [Fact]
    public async Task Guards_roll_back_and_stop_profiles_defer_and_gates_repeat_and_stop_each_with_its_reason_recorded()
    {
        await using var stack = await LocalSystem.StartAsync(workers: 1);
        await Plans.UploadBaseAsync(stack);
        var run = await stack.SubmitAsync(Plan, "control");
        var end = await stack.WaitForEndAsync(run, TimeSpan.FromMinutes(12));
        Assert.True((string)end["state"]! == "completed", end.ToJsonString());
        var verdict = JsonNode.Parse(await stack.Client.GetStringAsync($"api/runs/{run}/verdict", TestContext.Current.CancellationToken))!;
        var report = await stack.Client.GetStringAsync($"api/runs/{run}/report", TestContext.Current.CancellationToken);

        var guarded = Stage(verdict, 0);
        Assert.Equal("stopped-by-guard", (string)guarded["outcome"]!);
        Assert.Equal((2, 1), ((int)guarded["attempts"]!, (int)guarded["rollBacks"]!));
        Assert.Contains("All 1 roll-backs (guards.rollbacks) are used", (string)guarded["reason"]!, StringComparison.Ordinal);
        int[] attempts = [.. guarded["alarms"]!.AsArray().Select(alarm => (int)alarm!["attempt"]!).Distinct().Order()];
        Assert.Equal([0, 1], attempts);
        Assert.Contains("id=\"guards\"", report, StringComparison.Ordinal);

        // Each alarm stands in the record of its own iteration, in the metrics of its attempt.
        var runs = new BlobContainerClient(stack.Azurite.ConnectionString, "runs");
        foreach (var alarm in guarded["alarms"]!.AsArray())
        {
            var metrics = await runs.GetBlobClient($"{run}/metrics/guarded/1/0/{alarm!["attempt"]}.jsonl").DownloadContentAsync(TestContext.Current.CancellationToken);
            var record = JsonNode.Parse(metrics.Value.Content.ToString().Split('\n')[(int)alarm["iteration"]!])!;
            Assert.Contains(record["alarms"]!.AsArray(), logged => (string)logged!["guard"]! == (string)alarm["guard"]!);
        }

        var gated = Stage(verdict, 1);
        Assert.Equal("stopped-by-gate", (string)gated["outcome"]!);
        Assert.Equal(["repeat", "stop"], gated["gates"]!.AsArray().Select(gate => (string)gate!["action"]!));
        Assert.Contains("a pass@2 on validation of 1", (string)gated["gates"]![0]!["reason"]!, StringComparison.Ordinal);
        Assert.Single(verdict["arms"]![1]!["seeds"]![0]!["stages"]!.AsArray());

        // All four demonstrations were piloted and none removed; what the pilot read and wrote is in the stage's tokens.
        var difficulty = gated["difficulty"]!;
        Assert.Equal(4, Classes.Sum(key => (int)difficulty[key]!));
        Assert.True((long)difficulty["pilotTokens"]! > 0 && (long)difficulty["pilotTokens"]! < (long)gated["forwardTokens"]!, difficulty.ToJsonString());
        Assert.Contains("id=\"difficulty\"", report, StringComparison.Ordinal);
    }

    private static JsonNode Stage(JsonNode verdict, int arm) => verdict["arms"]![arm]!["seeds"]![0]!["stages"]![0]!;
}
