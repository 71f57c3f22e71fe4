using System.Diagnostics;
using EndToEnd.Tests.Chaos;
using Testing;

namespace EndToEnd.Tests;

/// <summary>Two hosts as processes on one task hub.</summary>
[Trait("Speed", "slow")]
public class TakeoverTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(12);

    [Fact]
    public async Task A_host_that_is_killed_in_a_run_is_followed_by_the_other_one_of_its_hub_and_the_run_ends_as_undisturbed()
    {
        await using var stack = await LocalSystem.StartAsync(workers: 1);
        await Plans.UploadBaseAsync(stack);
        var plan = ChaosRuns.Plan.Replace("\"amount\": 4", "\"amount\": 16", StringComparison.Ordinal);
        var calm = await stack.SubmitAsync(plan, "calm");
        Assert.Equal("completed", (string)(await stack.WaitForEndAsync(calm, Limit))["state"]!);

        await stack.StartStandbyAsync();
        var run = await stack.SubmitAsync(plan, "followed");
        await stack.WaitAsync(run, status => Updates(status) >= 2, Limit);
        await stack.SignalAsync("host", "KILL");
        var dead = Stopwatch.StartNew();
        await stack.FollowStandbyAsync();
        var seen = Updates(await stack.StatusAsync(run));
        await stack.WaitAsync(run, status => Updates(status) > seen || (string)status["state"]! != "running", Limit);
        // Leases and messages that the dead host held are free after a minute at most.
        Assert.InRange(dead.Elapsed.TotalSeconds, 0, 90);

        var end = await stack.WaitForEndAsync(run, Limit);
        Assert.True((string)end["state"]! == "completed", $"{end.ToJsonString()}\n{stack.Log("host")}");
        Assert.Equal(await StoredRun.VerdictAsync(stack, calm), await StoredRun.VerdictAsync(stack, run));
        Assert.Equal(await StoredRun.CheckpointsAsync(stack, calm), await StoredRun.CheckpointsAsync(stack, run));
    }

    private static int Updates(System.Text.Json.Nodes.JsonNode status) => status["arms"]!.AsArray().Sum(arm => (int)arm!["updates"]!);
}
