using System.Text;
using System.Text.Json.Nodes;
using Azure.Storage.Queues;
using Testing;
using static EndToEnd.Tests.StoredRun;

namespace EndToEnd.Tests;

/// <summary>What fails for good, hangs, or finds its storage failing, over the real host, real workers and Azurite.</summary>
[Trait("Speed", "slow")]
public class FailureTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(12);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Poison_fails_its_arm_with_the_reason_and_a_retry_does_that_arm_alone_again_to_the_same_bits()
    {
        await using var stack = await LocalSystem.StartAsync(workers: 1, proxied: true, new Dictionary<string, string>
        {
            ["Worker__MaxDequeueCount"] = "2",
            ["Worker__VisibilitySeconds"] = "2",
        });
        await Plans.UploadBaseAsync(stack);
        var calm = await stack.SubmitAsync(Plan, "calm");
        Assert.Equal("completed", (string)(await stack.WaitForEndAsync(calm, Limit))["state"]!);

        // Each worker that is about to store this rollout is killed, as one that has too little memory for it is.
        var killed = stack.Proxies["worker-1"].ArmAsync(new((method, path) => method == "PUT" && path.Contains("/poisoned/srl/1/0/0/4/0/0/rollout/result.json", StringComparison.Ordinal))
        {
            Times = 2,
            Resets = true,
            Before = async () =>
            {
                await stack.SignalAsync("worker-1", "KILL");
                await stack.EndOfAsync("worker-1");
                stack.StartWorker("worker-1");
            },
        });
        var failed = await stack.WaitForEndAsync(await stack.SubmitAsync(Plan, "poisoned"), Limit);
        await killed.WaitAsync(Token);

        Assert.Equal("failed", (string)failed["state"]!);
        Assert.Matches("^srl seed 1: Work item poisoned/srl/1/0/0/4/0/0/rollout failed [(]poison[)]: Delivered 2 times without a result or an error; the last heartbeat of worker worker-1 was at ", (string)failed["failures"]![0]!["text"]!);
        Assert.Equal(["completed", "failed"], failed["arms"]!.AsArray().OrderBy(arm => (string)arm!["arm"]!, StringComparer.Ordinal).Select(arm => (string)arm!["outcome"]!));
        var poison = Encoding.UTF8.GetString(Convert.FromBase64String((await Queue(stack, "work-poison").PeekMessagesAsync(2, Token)).Value.Single().MessageText));
        Assert.Contains("Delivered 2 times", poison, StringComparison.Ordinal);
        Assert.Contains("\"fresh\"", await VerdictAsync(stack, "poisoned"), StringComparison.Ordinal);

        // A report that comes after its stage has ended changes nothing and stays nowhere.
        var verdict = await VerdictAsync(stack, "poisoned");
        await Queue(stack, "results").SendMessageAsync(Convert.ToBase64String(
            Encoding.UTF8.GetBytes("""{"id":"poisoned/srl/1/0/0/4/0/0/rollout","instance":"poisoned:srl:1:0:0:1"}""")), Token);

        using var accepted = await stack.Client.PostAsync("api/runs/poisoned/retry", null, Token);
        var retry = (string)JsonNode.Parse(await accepted.Content.ReadAsStringAsync(Token))!["id"]!;
        var retried = await stack.WaitForEndAsync(retry, Limit);

        Assert.True((string)retried["state"]! == "completed", retried.ToJsonString());
        Assert.Equal(await VerdictAsync(stack, calm), await VerdictAsync(stack, retry));
        Assert.Equal(await CheckpointsAsync(stack, calm), await CheckpointsAsync(stack, retry));
        var updates = (await NamesAsync(stack, "work", $"{retry}/")).Where(name => name.EndsWith("/update/item.json", StringComparison.Ordinal)).ToList();
        Assert.Equal([$"{retry}/srl/1/0/0/4/0/0/update/item.json", $"{retry}/srl/1/0/0/5/0/0/update/item.json"], updates);
        Assert.Equal(verdict, await VerdictAsync(stack, "poisoned"));
        // A message is deleted after what it leads to: the last ones a moment after the run has ended.
        foreach (var queue in (string[])["results", "work"])
            await EmptyAsync(Queue(stack, queue));
        Assert.Equal(0, (await Queue(stack, "results-poison").GetPropertiesAsync(Token)).Value.ApproximateMessagesCount);
    }

    [Fact]
    public async Task A_worker_that_hangs_is_named_and_replaced_and_while_storage_fails_nobody_asks_without_pause()
    {
        // Every item has its claim at once: one that ends within the usual five seconds would hang without, and be found by its message's visibility alone.
        await using var stack = await LocalSystem.StartAsync(workers: 1, proxied: true, settings: new Dictionary<string, string> { ["Worker__ClaimSeconds"] = "0" });
        await Plans.UploadBaseAsync(stack);
        var calm = await stack.SubmitAsync(Plan, "calm");
        await stack.WaitForEndAsync(calm, Limit);

        // Stopped where it is about to store an update; its message is hidden for a minute, longer than the plan lets a worker stall.
        var hung = stack.Proxies["worker-1"].ArmAsync(new((method, path) => method == "PUT" && path.Contains("/hung/srl/1/0/0/2/0/0/update/result.json", StringComparison.Ordinal))
        {
            Resets = true,
            Before = () => stack.SignalAsync("worker-1", "STOP"),
        });
        var run = await stack.SubmitAsync(Plan, "hung");
        await hung.WaitAsync(Token);
        // An incident stays; what is waited for at the moment does not, and is in the watchdog's own tests.
        var named = await stack.WaitAsync(run, status => Incidents(status).Any(), Limit);
        Assert.Contains(Incidents(named), what => what.StartsWith("Work item hung/srl/1/0/0/2/0/0/update was sent again: Worker worker-1 made no progress for ", StringComparison.Ordinal));
        stack.StartWorker("worker-2");
        await stack.WaitAsync(run, status => (int?)status["arms"]!.AsArray().FirstOrDefault(arm => (string)arm!["arm"]! == "srl")?["updates"] >= 3, Limit);

        // It wakes up, finds another's result and leaves it; then everything that the host and it ask for fails for a while.
        await stack.SignalAsync("worker-1", "CONT");
        var asked = new Dictionary<string, int>();
        foreach (var (name, proxy) in stack.Proxies)
        {
            asked[name] = 0;
            proxy.Sees = (_, _) => { lock (asked) asked[name]++; };
            _ = proxy.ArmAsync(new((_, _) => true) { Status = 503, Times = int.MaxValue });
        }

        await Task.Delay(TimeSpan.FromSeconds(8), Token);
        foreach (var proxy in stack.Proxies.Values)
            proxy.Disarm();

        // A loop without pauses would ask thousands of times; a busy machine asks less often still.
        Assert.All(asked.Values, times => Assert.InRange(times, 1, 400));
        Assert.Equal("completed", (string)(await stack.WaitForEndAsync(run, Limit))["state"]!);
        Assert.Equal(await VerdictAsync(stack, calm), await VerdictAsync(stack, run));
        Assert.Equal(await CheckpointsAsync(stack, calm), await CheckpointsAsync(stack, run));
    }

    private const string Plan = """
        {
          "name": "failures",
          "base": { "model": "two-dials" },
          "training": { "family": "two-dials", "count": 16, "seed": 3001, "difficulty": [8], "demonstrations": 8 },
          "budget": { "unit": "updates", "amount": 6 },
          "seeds": [1],
          "arms": [
            { "name": "base" },
            { "name": "sft", "stages": [{ "method": "sft", "problemsPerIteration": 4, "checkpointEvery": 2 }] },
            { "name": "srl", "stages": [{ "method": "srl", "problemsPerIteration": 2, "groupSize": 4, "maxNewTokens": 12, "checkpointEvery": 2 }] }
          ],
          "evaluation": {
            "validation": { "family": "two-dials", "count": 4, "seed": 3002, "difficulty": [8] },
            "benchmarks": [{ "name": "fresh", "family": "two-dials", "count": 8, "seed": 3003, "difficulty": [8] }],
            "curriculum": "srl",
            "samples": 1,
            "bootstrapDraws": 200
          },
          "limits": { "stalledSeconds": 5, "redispatches": 50 }
        }
        """;

    private static IEnumerable<string> Incidents(JsonNode status) => status["incidents"]?.AsArray().Select(incident => (string)incident!["what"]!) ?? [];

    private static QueueClient Queue(LocalSystem stack, string name) => new(stack.Azurite.ConnectionString, name);

    private static async Task EmptyAsync(QueueClient queue)
    {
        while ((await queue.GetPropertiesAsync(Token)).Value.ApproximateMessagesCount > 0)
            await Task.Delay(100, Token);
    }

}
