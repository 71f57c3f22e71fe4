using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Azure.Storage.Blobs;
using Testing;

namespace EndToEnd.Tests;

/// <summary>Runs over the real host, real workers and Azurite, each test with processes of its own.</summary>
[Trait("Speed", "slow")]
public class RunTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(12);

    [Fact]
    public async Task Kills_of_the_host_and_of_workers_change_no_bit_of_the_verdict_or_of_the_final_weights()
    {
        await using var stack = await LocalSystem.StartAsync(workers: 2);
        await Plans.UploadBaseAsync(stack);
        var calm = await stack.SubmitAsync(Plans.Tiny, "calm");
        var end = await stack.WaitForEndAsync(calm, Limit);
        Assert.True((string)end["state"]! == "completed", end.ToJsonString());

        var disturbed = await stack.SubmitAsync(Plans.Tiny, "disturbed");
        await stack.WaitAsync(disturbed, status => Updates(status) >= 2, Limit);
        await stack.KillWorkerAsync("worker-1");
        await stack.KillHostAsync();
        await stack.StartHostAsync();
        stack.StartWorker("worker-3");
        await stack.WaitAsync(disturbed, status => Updates(status) >= 12 || Ended(status), Limit);
        await stack.KillHostAsync();
        await stack.StartHostAsync();
        end = await stack.WaitForEndAsync(disturbed, Limit);
        Assert.True((string)end["state"]! == "completed", end.ToJsonString());

        Assert.Equal(
            await stack.Client.GetStringAsync($"api/runs/{calm}/verdict", TestContext.Current.CancellationToken),
            await stack.Client.GetStringAsync($"api/runs/{disturbed}/verdict", TestContext.Current.CancellationToken));
        Assert.Equal(await StoredRun.CheckpointsAsync(stack, calm), await StoredRun.CheckpointsAsync(stack, disturbed));
    }

    [Fact]
    public async Task A_run_trains_every_arm_and_its_verdict_and_report_show_them()
    {
        await using var stack = await LocalSystem.StartAsync(workers: 1);
        await Plans.UploadBaseAsync(stack);
        var run = await stack.SubmitAsync(Plans.Measured, "whole");
        var end = await stack.WaitForEndAsync(run, Limit);

        Assert.True((string)end["state"]! == "completed", end.ToJsonString());
        var verdict = JsonNode.Parse(await stack.Client.GetStringAsync($"api/runs/{run}/verdict", TestContext.Current.CancellationToken))!;
        Assert.Equal(["base", "srl", "srl-rlvr", "sft"], verdict["arms"]!.AsArray().Select(arm => (string)arm!["arm"]!));
        // Two seeds are under three: whatever the figures, no win may be claimed.
        Assert.All(verdict["comparisons"]!.AsArray(), comparison => Assert.Equal("undecided", (string)comparison!["decision"]!));
        Assert.All(
            verdict["arms"]!.AsArray().Skip(1).SelectMany(arm => arm!["seeds"]!.AsArray()),
            seed => Assert.True((int)seed!["updates"]! > 0, seed.ToJsonString()));
        var report = await stack.Client.GetStringAsync($"api/runs/{run}/report", TestContext.Current.CancellationToken);
        Assert.Contains("srl-rlvr", report, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", report, StringComparison.OrdinalIgnoreCase);
        await AssertMeasuredAsync(stack, run, verdict, report);

        // The same key with the same plan is the same run; with another plan it is refused.
        Assert.Equal(run, await stack.SubmitAsync(Plans.Measured, "whole"));
        var other = Plans.Measured.Replace("150000", "160000", StringComparison.Ordinal);
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => stack.SubmitAsync(other, "whole"));
        Assert.Contains("409", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_method_algorithm_and_reward_takes_its_updates()
    {
        await using var stack = await LocalSystem.StartAsync(workers: 2);
        await Plans.UploadBaseAsync(stack);
        var run = await stack.SubmitAsync(Plans.EveryMethod, "methods");
        var end = await stack.WaitForEndAsync(run, Limit);
        Assert.True((string)end["state"]! == "completed", end.ToJsonString());

        // The base and its audit stand among the arms where they had to be waited for.
        var stages = end["arms"]!.AsArray().Where(arm => (string)arm!["arm"]! is not ("base" or "audit")).ToDictionary(arm => (string)arm!["arm"]!, arm => arm!);
        Assert.Equal(16, stages.Count);
        Assert.All(stages, arm => Assert.True((string)arm.Value["outcome"]! == "completed" && (int)arm.Value["updates"]! >= 2, arm.Value.ToJsonString()));

        // The divergence is measured where there is a reference, the values' error where there are values, and nowhere else;
        // a bound holds a token where a batch is trained on in several steps and clipping is on.
        foreach (var arm in stages.Keys)
        {
            var blob = new BlobContainerClient(stack.Azurite.ConnectionString, "runs").GetBlobClient($"{run}/metrics/{arm}/1/0/0.jsonl");
            var lines = (await blob.DownloadContentAsync(TestContext.Current.CancellationToken)).Value.Content.ToString();
            Assert.Equal(arm is "grpo-kl" or "ppo", lines.Contains("\"divergence\"", StringComparison.Ordinal));
            Assert.Equal(arm == "ppo", lines.Contains("\"valueError\"", StringComparison.Ordinal));
            var clipped = lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Sum(line => (double)JsonNode.Parse(line)!["clipFraction"]!);
            Assert.True(arm switch { "random-clipped" => clipped > 0, "ppo" => clipped >= 0, _ => clipped == 0 }, $"{arm}: {clipped}");
        }
    }

    [Fact]
    public async Task A_plan_with_six_mistakes_is_refused_with_six_pointers_and_nothing_is_stored()
    {
        await using var stack = await LocalSystem.StartAsync(workers: 0);
        await Plans.UploadBaseAsync(stack);
        var plan = JsonNode.Parse(Plans.Tiny)!;
        plan["name"] = "Not A Name";
        plan["budget"]!["amount"] = 0;
        plan["seeds"] = new JsonArray();
        plan["arms"]![1]!["stages"]![0]!["metod"] = "srl";
        plan["evaluation"]!["curriculum"] = "nobody";
        plan["training"]!["family"] = "crosswords";
        using var response = await stack.Client.PostAsync(
            "api/runs", new StringContent(plan.ToJsonString(), Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
        var problem = (await response.Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken))!;
        string[] pointers = [.. problem["errors"]!.AsArray().Select(error => (string)error!["pointer"]!).Order(StringComparer.Ordinal)];
        Assert.Equal(
            ["/arms/1/stages/0/metod", "/budget/amount", "/evaluation/curriculum", "/name", "/seeds", "/training/family"], pointers);
        var runs = new BlobContainerClient(stack.Azurite.ConnectionString, "runs");
        Assert.True(!await runs.ExistsAsync(TestContext.Current.CancellationToken)
            || !await runs.GetBlobsAsync(cancellationToken: TestContext.Current.CancellationToken).AnyAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_canceled_run_stops_its_workers_and_still_concludes()
    {
        await using var stack = await LocalSystem.StartAsync(workers: 1);
        await Plans.UploadBaseAsync(stack);
        var run = await stack.SubmitAsync(Plans.Tiny.Replace("150000", "15000000", StringComparison.Ordinal), "canceled");
        await stack.WaitAsync(run, status => Updates(status) >= 2, Limit);
        using var response = await stack.Client.DeleteAsync($"api/runs/{run}", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);

        var end = await stack.WaitForEndAsync(run, Limit);
        Assert.Equal("canceled", (string)end["state"]!);
        using var verdict = await stack.Client.GetAsync($"api/runs/{run}/verdict", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, verdict.StatusCode);
    }

    [Fact]
    public async Task What_is_asked_of_a_run_that_cannot_be_read_is_refused_with_the_reason()
    {
        await using var stack = await LocalSystem.StartAsync(workers: 0);
        var runs = new BlobContainerClient(stack.Azurite.ConnectionString, "runs");
        await runs.CreateIfNotExistsAsync(cancellationToken: TestContext.Current.CancellationToken);
        await runs.UploadBlobAsync("torn/plan.json", BinaryData.FromString("{"), TestContext.Current.CancellationToken);
        foreach (var path in (string[])["plan", "metrics", "checkpoints", "trajectories"])
        {
            using var response = await stack.Client.GetAsync($"api/runs/torn/{path}", TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
            Assert.Equal("unreadable", (string)(await response.Content.ReadFromJsonAsync<JsonNode>(TestContext.Current.CancellationToken))!["code"]!);
        }
    }

    [Fact]
    public async Task Without_a_key_every_route_answers_401()
    {
        await using var stack = await LocalSystem.StartAsync(workers: 0);
        using var stranger = new HttpClient { BaseAddress = stack.Client.BaseAddress };
        foreach (var route in (string[])["api/runs", "api/runs/x", "api/runs/x/verdict", "api/runs/x/report", "api/openapi.json"])
        {
            using var response = await stranger.GetAsync(route, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }
    }

    /// <summary>The planted benchmark is recited and the fresh one is not; every probe is in verdict.json and in the report; every access to a test is in run.json.</summary>
    private static async Task AssertMeasuredAsync(LocalSystem stack, string run, JsonNode verdict, string report)
    {
        var standings = verdict["benchmarks"]!.AsArray().ToDictionary(standing => (string)standing!["benchmark"]!, standing => standing!);
        Assert.Equal(("clean", "recited"), ((string)standings["fresh"]["standing"]!, (string)standings["planted"]["standing"]!));
        Assert.True((double)standings["planted"]["audit"]!["completion"]!["value"]! > 0.5, standings["planted"].ToJsonString());
        Assert.True((double)standings["fresh"]["audit"]!["completion"]!["value"]! < 0.05, standings["fresh"].ToJsonString());

        var probes = verdict["probes"]!;
        string[] probed = ["(base)", "srl", "srl-rlvr", "sft"];
        foreach (var measure in (string[])["traces", "activation", "passAtK"])
            Assert.Equal(probed, probes[measure]!.AsArray().Select(row => (string)row!["arm"]!));
        Assert.Equal("srl-rlvr", (string)Assert.Single(probes["enabling"]!.AsArray())!["arm"]!);
        Assert.All(probes["activation"]!.AsArray().Skip(1), row => Assert.NotNull(row!["divergence"]));
        Assert.All(probes["activation"]!.AsArray(), row => Assert.True((double)row!["answerPerplexity"]! >= 1, row.ToJsonString()));
        foreach (var section in (string[])["benchmarks", "enabling", "pass-at-k", "traces", "patterns", "activation", "strategies"])
            Assert.Contains($"id=\"{section}\"", report, StringComparison.Ordinal);

        var content = await new BlobContainerClient(stack.Azurite.ConnectionString, "runs").GetBlobClient($"{run}/run.json").DownloadContentAsync(TestContext.Current.CancellationToken);
        var access = JsonNode.Parse(content.Value.Content.ToString())!["testAccess"]!.AsArray();
        Assert.Equal(["audit", "evaluate", "freeze", "probe"], access.Select(entry => (string)entry!["purpose"]!).Distinct().Order());
        Assert.All(access, entry => Assert.False(string.IsNullOrEmpty((string?)entry!["reader"]), entry.ToJsonString()));
    }

    private static int Updates(JsonNode status) => status["arms"]!.AsArray().Sum(arm => (int)arm!["updates"]!);

    private static bool Ended(JsonNode status) => (string)status["state"]! is "completed" or "failed" or "canceled";
}
