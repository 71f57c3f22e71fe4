using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Curriculum.Work;
using Testing;
using static EndToEnd.Tests.StoredRun;

namespace EndToEnd.Tests;

/// <summary>What a person does to runs while they go on and when they have ended, over the real host, a real worker and Azurite.</summary>
[Trait("Speed", "slow")]
public class RunControlTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(12);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_second_run_waits_its_turn_a_paused_one_goes_on_and_a_canceled_one_is_retried_to_the_same_bits()
    {
        await using var stack = await LocalSystem.StartAsync(workers: 1, proxied: true, new Dictionary<string, string> { ["Runs__MaxActive"] = "1" });
        await Plans.UploadBaseAsync(stack);
        // Paused while the second update's result is on its way, so that the run is in its middle whatever the machine does.
        var paused = AtUpdate(stack, "calm", 1, () => PostAsync(stack, "calm", "pause"));
        var calm = await stack.SubmitAsync(Plan(8), "calm");
        await paused.WaitAsync(Token);
        var second = await stack.SubmitAsync(Plan(8), "second");
        var waiting = await stack.WaitAsync(second, status => ((string?)status["phase"])?.StartsWith("waiting", StringComparison.Ordinal) == true, Limit);
        Assert.StartsWith("waiting for its turn: 1 run is before it, 1 may go on at once", (string)waiting["phase"]!, StringComparison.Ordinal);

        // Then resumed: the same end as every other run of the plan.
        await stack.WaitAsync(calm, status => (string)status["state"]! == "paused", Limit);
        // Canceled after a checkpoint, then retried: nothing skipped, nothing repeated, bit for bit.
        var canceled = AtUpdate(stack, "second", 5, async () => (await stack.Client.DeleteAsync($"api/runs/{second}", Token)).Dispose());
        Assert.Equal("running", (string)(await PostAsync(stack, calm, "resume"))["state"]!);
        Assert.Equal("completed", (string)(await stack.WaitForEndAsync(calm, Limit))["state"]!);
        await canceled.WaitAsync(Token);
        Assert.Equal("canceled", (string)(await stack.WaitForEndAsync(second, Limit))["state"]!);
        var retry = (string)(await PostAsync(stack, second, "retry"))["id"]!;
        Assert.Equal(retry, (string)(await PostAsync(stack, second, "retry"))["id"]!);
        var retried = await stack.WaitForEndAsync(retry, Limit);
        Assert.True((string)retried["state"]! == "completed", retried.ToJsonString());
        Assert.Equal(second, (string)retried["from"]!["run"]!);
        Assert.Contains(retried["incidents"]!.AsArray(), incident => ((string)incident!["what"]!).Contains("goes on from the checkpoint", StringComparison.Ordinal));
        Assert.Equal(await VerdictAsync(stack, calm), await VerdictAsync(stack, retry));
        Assert.Equal(await CheckpointsAsync(stack, calm), await CheckpointsAsync(stack, retry));

        // A fork under a longer budget goes on from what there is; nothing of its parent is needed then.
        var fork = (string)(await PostAsync(stack, calm, "fork", Plan(10)))["id"]!;
        Assert.Equal("completed", (string)(await stack.WaitForEndAsync(fork, Limit))["state"]!);
        var trained = JsonNode.Parse(await VerdictAsync(stack, fork))!["arms"]![1]!["seeds"]![0]!;
        Assert.Equal(10, (int)trained["updates"]!);
        // The newest two stay, and the best on validation. What was let go, or never was, is refused.
        int[] kept = [.. await KeptAsync(stack, calm)];
        Assert.Superset(new HashSet<int> { 6, 8 }, kept.ToHashSet());
        Assert.InRange(kept.Length, 2, 3);
        foreach (var gone in Enumerable.Range(1, 8).Except(kept))
        {
            using var unknown = await stack.Client.PostAsync($"api/runs/{calm}/fork?stage=0&updates={gone}", new StringContent(Plan(10), Encoding.UTF8, "application/json"), Token);
            Assert.Equal(400, (int)unknown.StatusCode);
            Assert.Contains($"there are stage 0 after {string.Join(", ", kept)} updates", await unknown.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
        }

        // From an earlier checkpoint under another learning rate: what lies before it is the parent's, what comes after it is not.
        var changed = Plan(8).Replace("\"method\": \"srl\",", "\"method\": \"srl\", \"optimizer\": { \"learningRate\": 0.001 },", StringComparison.Ordinal);
        var branch = (string)(await PostAsync(stack, calm, "fork?stage=0&updates=6", changed))["id"]!;
        Assert.Equal("completed", (string)(await stack.WaitForEndAsync(branch, Limit))["state"]!);
        Assert.Equal(
            [$"{branch}/srl/1/0/0/6/0/0/update/item.json", $"{branch}/srl/1/0/0/7/0/0/update/item.json"],
            (await NamesAsync(stack, "work", $"{branch}/")).Where(name => name.EndsWith("/update/item.json", StringComparison.Ordinal)));
        Assert.Equal(Iterations(await MetricsAsync(stack, calm))[..6], Iterations(await MetricsAsync(stack, branch))[..6]);
        Assert.NotEqual(Iterations(await MetricsAsync(stack, calm))[7], Iterations(await MetricsAsync(stack, branch))[7]);

        Assert.NotEmpty(await InstancesAsync(stack, second));
        await stack.PurgeAsync(second, Limit);
        Assert.Empty(await NamesAsync(stack, "runs", $"{second}/"));
        Assert.Empty(await NamesAsync(stack, "work", $"{second}/"));
        Assert.Equal(await VerdictAsync(stack, calm), await VerdictAsync(stack, retry));

        // Nothing of it is in the way of another run under the same id.
        Assert.Empty(await InstancesAsync(stack, second));
        Assert.Equal(second, await stack.SubmitAsync(Plan(2), "second"));
        Assert.Equal("completed", (string)(await stack.WaitForEndAsync(second, Limit))["state"]!);
        Assert.Equal("completed", (string)(await stack.StatusAsync(retry))["state"]!);
    }

    [Fact]
    public async Task A_bit_that_flips_in_a_state_is_named_and_the_last_good_checkpoint_is_gone_on_from()
    {
        await using var stack = await LocalSystem.StartAsync(workers: 1, proxied: true);
        await Plans.UploadBaseAsync(stack);
        // After the third update, which is no checkpoint: a checkpoint's copy has the same content, and would be read in its place.
        var paused = AtUpdate(stack, "flipped", 2, () => PostAsync(stack, "flipped", "pause"));
        var run = await stack.SubmitAsync(Plan(12), "flipped");
        await paused.WaitAsync(Token);
        var states = new BlobContainerClient(stack.Azurite.ConnectionString, "runs");
        // Once the stage, or an item that it sent, waits for the run to go on, no state is written.
        await stack.WaitAsync(
            run, status => status["arms"]?.AsArray().Any(arm => ((string?)arm!["waiting"])?.EndsWith("The run is paused.", StringComparison.Ordinal) == true) == true, Limit);
        await stack.KillWorkerAsync("worker-1");
        var newest = (await NamesAsync(stack, "runs", $"{run}/states/"))
            .Where(StorageNames.IsStateBlob)
            .MaxBy(name => int.Parse(name.Split('/')[^2], System.Globalization.CultureInfo.InvariantCulture))!;
        var bytes = (await states.GetBlobClient(newest).DownloadContentAsync(Token)).Value.Content.ToArray();
        // The policy is the last of its parts.
        bytes[^100] ^= 1;
        await states.GetBlobClient(newest).UploadAsync(BinaryData.FromBytes(bytes), overwrite: true, Token);
        stack.StartWorker("worker-2");
        await PostAsync(stack, run, "resume");

        var end = await stack.WaitForEndAsync(run, Limit);

        Assert.True((string)end["state"]! == "completed", end.ToJsonString());
        Assert.Contains(
            end["incidents"]!.AsArray(),
            incident => ((string)incident!["what"]!).Contains($"is corrupt: Expected SHA-256", StringComparison.Ordinal) && ((string)incident["what"]!).Contains(newest, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_cap_stops_a_run_in_order_and_a_report_for_nobody_is_dropped()
    {
        await using var stack = await LocalSystem.StartAsync(workers: 1);
        await Plans.UploadBaseAsync(stack);
        var reports = new QueueClient(stack.Azurite.ConnectionString, "results");
        await reports.CreateIfNotExistsAsync(cancellationToken: Token);
        await reports.SendMessageAsync(
            Convert.ToBase64String(Encoding.UTF8.GetBytes("""{"id":"gone/srl/1/0/0/0/0/0/rollout","instance":"gone:srl:1:0:0:0"}""")), Token);
        var plan = JsonNode.Parse(Plan(1000))!;
        plan["limits"]!["tokenCap"] = 3000;
        var run = await stack.SubmitAsync(plan.ToJsonString(), "capped");

        var end = await stack.WaitForEndAsync(run, Limit);

        Assert.Equal("completed", (string)end["state"]!);
        var arm = end["arms"]!.AsArray().Single(arm => (string)arm!["arm"]! == "srl")!;
        Assert.Equal("stopped-by-cap", (string)arm["outcome"]!);
        Assert.Contains("limits.tokenCap 3000", (string)arm["reason"]!, StringComparison.Ordinal);
        Assert.Contains("\"fresh\"", await VerdictAsync(stack, run), StringComparison.Ordinal);
        Assert.Equal(0, (await reports.GetPropertiesAsync(Token)).Value.ApproximateMessagesCount);
        var poison = new QueueClient(stack.Azurite.ConnectionString, "results-poison");
        Assert.Equal(0, (await poison.GetPropertiesAsync(Token)).Value.ApproximateMessagesCount);
    }

    [Fact]
    public async Task The_caps_on_workers_seconds_and_on_the_wall_clock_stop_runs_in_order_also_one_that_waits_for_a_worker()
    {
        await using var stack = await LocalSystem.StartAsync(workers: 1);
        await Plans.UploadBaseAsync(stack);
        var worked = await stack.SubmitAsync(Capped("workerSecondsCap", 1), "worked");
        var end = await stack.WaitForEndAsync(worked, Limit);
        Assert.Equal("completed", (string)end["state"]!);
        Assert.Contains("limits.workerSecondsCap 1", await StoppedAsync(stack, worked), StringComparison.Ordinal);

        // Its worker dies within the training; no other comes until the cap is reached.
        var waited = await stack.SubmitAsync(Capped("wallClockSecondsCap", 45), "waited");
        await stack.WaitAsync(waited, status => Updates(status) >= 1, Limit);
        await stack.KillWorkerAsync("worker-1");
        await stack.WaitAsync(waited, status => status["arms"]!.AsArray().Any(arm => (string?)arm!["outcome"] == "stopped-by-cap"), Limit);
        Assert.Contains("limits.wallClockSecondsCap 45", await StoppedAsync(stack, waited), StringComparison.Ordinal);
        stack.StartWorker("worker-2");
        Assert.Equal("completed", (string)(await stack.WaitForEndAsync(waited, Limit))["state"]!);
        Assert.Contains("\"fresh\"", await VerdictAsync(stack, waited), StringComparison.Ordinal);
    }

    private static string Capped(string cap, int value)
    {
        var plan = JsonNode.Parse(Plan(100_000))!;
        plan["limits"]![cap] = value;
        plan["limits"]!["stalledSeconds"] = 5;
        return plan.ToJsonString();
    }

    private static async Task<string> StoppedAsync(LocalSystem stack, string run)
    {
        var arm = (await stack.StatusAsync(run))["arms"]!.AsArray().Single(arm => (string)arm!["arm"]! == "srl")!;
        Assert.Equal("stopped-by-cap", (string)arm["outcome"]!);
        return (string)arm["reason"]!;
    }

    /// <summary>The updates of the checkpoints that are left.</summary>
    private static async Task<IEnumerable<int>> KeptAsync(LocalSystem stack, string run) =>
        (await NamesAsync(stack, "runs", $"{run}/checkpoints/srl/1/0/0/"))
            .Select(name => int.Parse(name.Split('/')[^2], System.Globalization.CultureInfo.InvariantCulture)).Distinct().Order();

    /// <summary>What the hub has of the run's orchestrations, and of those below it.</summary>
    private static async Task<IEnumerable<string>> InstancesAsync(LocalSystem stack, string run) =>
        (await stack.InstancesAsync($"?instanceIdPrefix={run}")).AsArray().Select(instance => (string)instance!["instanceId"]!)
            .Where(id => id == run || id.StartsWith($"{run}:", StringComparison.Ordinal));

    private static string Plan(int updates) => $$"""
        {
          "name": "control",
          "base": { "model": "two-dials" },
          "training": { "family": "two-dials", "count": 16, "seed": 3001, "difficulty": [8], "demonstrations": 8 },
          "budget": { "unit": "updates", "amount": {{updates}} },
          "seeds": [1],
          "arms": [
            { "name": "base" },
            { "name": "srl", "stages": [
              { "method": "srl", "problemsPerIteration": 2, "groupSize": 4, "maxNewTokens": 12, "checkpointEvery": 2 }] }
          ],
          "evaluation": {
            "validation": { "family": "two-dials", "count": 4, "seed": 3002, "difficulty": [8] },
            "benchmarks": [{ "name": "fresh", "family": "two-dials", "count": 8, "seed": 3003, "difficulty": [8] }],
            "curriculum": "srl",
            "samples": 1,
            "bootstrapDraws": 200
          },
          "limits": { "keepCheckpoints": 2 }
        }
        """;

    private static async Task<string> MetricsAsync(LocalSystem stack, string run) =>
        (await new BlobContainerClient(stack.Azurite.ConnectionString, "runs").GetBlobClient($"{run}/metrics/srl/1/0/0.jsonl").DownloadContentAsync(Token)).Value.Content.ToString();

    /// <summary>Iteration and loss, line by line: all else that a line says is times.</summary>
    private static string[] Iterations(string metrics) =>
        [.. metrics.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!).Select(line => $"{line["iteration"]}: {line["loss"]}")];

    /// <summary>Does something while the worker is about to store the result of an update.</summary>
    private static Task AtUpdate(LocalSystem stack, string run, int iteration, Func<Task> does) => stack.Proxies["worker-1"].ArmAsync(new(
        (method, path) => method == "PUT" && path.EndsWith($"/{run}/srl/1/0/0/{iteration}/0/0/update/result.json", StringComparison.Ordinal))
    { Before = does });

    private static int Updates(JsonNode status) => status["arms"]!.AsArray().Sum(arm => (int)arm!["updates"]!);

    private static async Task<JsonNode> PostAsync(LocalSystem stack, string run, string what, string? plan = null)
    {
        using var content = plan is null ? null : new StringContent(plan, Encoding.UTF8, "application/json");
        using var response = await stack.Client.PostAsync($"api/runs/{run}/{what}", content, Token);
        var body = await response.Content.ReadAsStringAsync(Token);
        Assert.True((int)response.StatusCode == 202, $"{what}: {(int)response.StatusCode} {body}");
        return JsonNode.Parse(body)!;
    }

}
