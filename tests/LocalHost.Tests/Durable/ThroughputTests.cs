using System.Diagnostics;
using Microsoft.DurableTask.Client;

namespace LocalHost.Tests.Durable;

/// <summary>Writes are counted rather than timed: a write per event fails on any machine, a slow minute on none.</summary>
public sealed class ThroughputTests(AzuriteFixture azurite) : EngineTest(azurite)
{
    [Fact]
    public async Task A_fan_out_of_a_thousand_activities_is_written_in_few_appends()
    {
        App.Activity<int>("Echo", x => x)
            .Orchestrator("Fan", async context =>
                (await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => context.CallActivityAsync<int>("Echo", i)))).Sum());
        // As slow as a disk at work: results come in together while one append is on its way.
        var storage = new FlakyStorage { AppendTime = TimeSpan.FromMilliseconds(20) };
        await StartAsync(options => options with { ChecksReplay = false, Blobs = storage.Through(Azurite.Server.ConnectionString) });

        Assert.Equal(499_500, (await RunAsync("Fan", id: "fan")).ReadOutputAs<int>());
        Assert.InRange(await AppendsAsync("fan"), 2, 100);
    }

    [Fact]
    public async Task A_chain_of_ten_is_written_once_a_step_and_waits_for_nothing_else()
    {
        App.Activity<int>("Echo", x => x)
            .Orchestrator("Chain", async context =>
            {
                var value = 0;
                for (var i = 0; i < 10; i++)
                    value = await context.CallActivityAsync<int>("Echo", value + 1);
                return value;
            });
        await StartAsync(options => options with { ChecksReplay = false });

        var best = TimeSpan.MaxValue;
        for (var i = 0; i < 3; i++)
        {
            var began = Stopwatch.GetTimestamp();
            var end = await RunAsync("Chain", id: $"chain-{i}");
            var took = Stopwatch.GetElapsedTime(began);
            best = took < best ? took : best;
            Assert.Equal(10, end.ReadOutputAs<int>());
            // A result and the next call are one append; the first holds the start and the first call.
            Assert.Equal(11, await AppendsAsync($"chain-{i}"));
        }

        // Far above what a free machine takes: it catches a poll.
        Assert.InRange(best.TotalMilliseconds, 0, 3000);
    }
}
