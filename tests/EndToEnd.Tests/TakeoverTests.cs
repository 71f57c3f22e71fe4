using System.Diagnostics;
using EndToEnd.Tests.Chaos;
using Testing;

namespace EndToEnd.Tests;

/// <summary>Two hosts as processes on one task hub.</summary>
public class TakeoverTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(12);

    [Fact]
    public async Task A_host_that_is_killed_in_a_run_is_followed_within_seconds_by_the_one_that_waits_and_the_run_completes()
    {
        await using var stack = await LocalSystem.StartAsync(workers: 1);
        await Plans.UploadBaseAsync(stack);
        await stack.StartStandbyAsync();
        var run = await stack.SubmitAsync(ChaosRuns.Plan.Replace("\"amount\": 4", "\"amount\": 16", StringComparison.Ordinal), "followed");
        await stack.WaitAsync(run, status => status["arms"]!.AsArray().Sum(arm => (int)arm!["updates"]!) >= 2, Limit);
        Assert.False(Runs(stack), "Expected the second host to wait while the first one runs the hub.");

        await stack.SignalAsync("host", "KILL");
        var dead = Stopwatch.StartNew();
        while (!Runs(stack) && dead.Elapsed < Limit)
            await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.InRange(dead.Elapsed.TotalSeconds, 0, 25);

        await stack.FollowStandbyAsync();
        var end = await stack.WaitForEndAsync(run, Limit);
        Assert.True((string)end["state"]! == "completed", $"{end.ToJsonString()}\n{stack.Log("standby")}");
    }

    /// <summary>Whether the second host has said that it runs the hub.</summary>
    private static bool Runs(LocalSystem stack) => stack.Log("standby").Contains("instances go on", StringComparison.Ordinal);
}
