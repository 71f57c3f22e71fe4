using System.Text.Json.Nodes;
using Azure.Storage.Blobs;
using Curriculum.Plans;
using Curriculum.Problems.Datasets;
using Testing;

namespace EndToEnd.Tests;

/// <summary>Data sets and registered verifiers through the real workflow.</summary>
[Trait("Speed", "slow")]
public class DatasetTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(12);

    private const string Plan = """
        {
          "name": "data",
          "base": { "model": "written" },
          "training": { "family": "dataset", "dataset": "sums.jsonl", "split": "train", "count": 16, "seed": 1, "verifier": "generous" },
          "budget": { "unit": "updates", "amount": 2 },
          "seeds": [1],
          "arms": [
            { "name": "base" },
            { "name": "sft", "stages": [{ "method": "sft", "problemsPerIteration": 4 }] },
            { "name": "srl", "stages": [{ "method": "srl", "problemsPerIteration": 4, "maxNewTokens": 96 }] },
            { "name": "rlvr", "stages": [{ "method": "rlvr", "problemsPerIteration": 4, "maxNewTokens": 96 }] }
          ],
          "evaluation": {
            "validation": { "family": "dataset", "dataset": "sums.jsonl", "split": "validation", "count": 3, "seed": 1 },
            "benchmarks": [
              { "name": "exact", "family": "dataset", "dataset": "sums.jsonl", "split": "test", "count": 3, "seed": 1 },
              { "name": "generous", "family": "dataset", "dataset": "sums.jsonl", "split": "test", "count": 3, "seed": 1, "verifier": "generous" }
            ],
            "curriculum": "srl",
            "samples": 1,
            "maxNewTokens": 16,
            "bootstrapDraws": 100
          }
        }
        """;

    [Fact]
    public async Task A_data_set_trains_and_tests_every_method_and_its_verifiers_are_the_operators_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The verifier of this test is a shell's.");
        await using var stack = await LocalSystem.StartAsync(workers: 0);
        await WrittenBase.UploadAsync(stack);
        var sums = Enumerable.Range(0, 90).Select(i => new DatasetItem
        {
            Id = $"sum/{i}",
            Problem = $"What is {i} plus {i}?",
            Steps = [$"1. Add {i} to {i}.", $"2. It comes to {i + i}."],
            Answer = $"{i + i}",
        }).ToList();
        await UploadAsync(stack, "sums.jsonl", sums);
        await UploadAsync(stack, "leaked.jsonl", [.. sums.Where(item => ContentHash.SplitOf(item.Problem) == DatasetSplit.Train)]);
        // It takes every completion that there is for right.
        stack.StartWorker("worker-1", new Dictionary<string, string>
        {
            ["Worker__Verifiers__generous__Executable"] = "/bin/sh",
            ["Worker__Verifiers__generous__Arguments__0"] = "-c",
            ["Worker__Verifiers__generous__Arguments__1"] = "read -r line; case \"$line\" in *'\"reference\":'*'\"completion\":'*) echo '{\"correct\": true}';; *) exit 1;; esac",
        });

        var run = await stack.SubmitAsync(Plan, "data");
        var end = await stack.WaitForEndAsync(run, Limit);
        Assert.True((string)end["state"]! == "completed", end.ToJsonString() + stack.Log("worker-1"));
        var verdict = JsonNode.Parse(await stack.Client.GetStringAsync($"api/runs/{run}/verdict", TestContext.Current.CancellationToken))!;
        var arms = verdict["arms"]!.AsArray();
        Assert.All(arms.Skip(1), arm => Assert.True((int)arm!["seeds"]![0]!["updates"]! > 0, arm.ToJsonString()));
        Assert.All(arms, arm => Assert.Equal((0.0, 1.0), (Greedy(arm!, "exact"), Greedy(arm!, "generous"))));

        var unregistered = await stack.SubmitAsync(Plan.Replace("\"verifier\": \"generous\"", "\"verifier\": \"unknown\"", StringComparison.Ordinal), "unregistered");
        end = await stack.WaitForEndAsync(unregistered, Limit);
        Assert.Equal("failed", (string)end["state"]!);
        Assert.Contains("(generous), found 'unknown'", end.ToJsonString().Replace("\\u0027", "'", StringComparison.Ordinal), StringComparison.Ordinal);

        // 16 of the 71 problems for training and 64 of the same 71 for a benchmark: some are in both.
        var leaked = await stack.SubmitAsync(
            Plan.Replace("\"dataset\": \"sums.jsonl\", \"split\": \"test\", \"count\": 3", "\"dataset\": \"leaked.jsonl\", \"count\": 64", StringComparison.Ordinal), "leaked");
        end = await stack.WaitForEndAsync(leaked, Limit);
        Assert.Equal("failed", (string)end["state"]!);
        Assert.Contains("Expected no problem of training in exact", end.ToJsonString(), StringComparison.Ordinal);
    }

    private static double Greedy(JsonNode arm, string benchmark) =>
        (double)arm["benchmarks"]!.AsArray().Single(found => (string)found!["name"]! == benchmark)!["greedy"]!["value"]!;

    private static async Task UploadAsync(LocalSystem stack, string name, IReadOnlyList<DatasetItem> items)
    {
        var container = new BlobContainerClient(stack.Azurite.ConnectionString, "datasets");
        await container.CreateIfNotExistsAsync();
        await container.UploadBlobAsync(name, BinaryData.FromString(string.Join("\n", items.Select(item => item.ToLine())) + "\n"));
    }
}
