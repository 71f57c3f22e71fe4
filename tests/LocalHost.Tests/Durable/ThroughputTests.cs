using System.Diagnostics;
using Microsoft.DurableTask.Client;

namespace LocalHost.Tests.Durable;

/// <summary>Floors far below what a free machine does: they catch a poll or a commit per event, not a slow minute.</summary>
public sealed class ThroughputTests(AzuriteFixture azurite) : EngineTest(azurite)
{
    [Fact]
    public async Task A_thousand_activities_in_one_fan_out_and_a_chain_of_ten_are_quick()
    {
        App.Activity<int>("Echo", x => x)
            .Orchestrator("Fan", async context =>
                (await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => context.CallActivityAsync<int>("Echo", i)))).Sum())
            .Orchestrator("Chain", async context =>
            {
                var value = 0;
                for (var i = 0; i < 10; i++)
                    value = await context.CallActivityAsync<int>("Echo", value + 1);
                return value;
            });
        await StartAsync(options => options with { ChecksReplay = false });
        await RunAsync("Fan", id: "warm");
        await RunAsync("Chain", id: "warm-chain");

        var fan = await TimeAsync("Fan", 499_500);
        var chain = await TimeAsync("Chain", 10);

        TestContext.Current.SendDiagnosticMessage(
            "fan-out of 1000: {0:F0} activities/s; chain of 10: {1:F0} ms", 1000 / fan.TotalSeconds, chain.TotalMilliseconds);
        Assert.InRange(1000 / fan.TotalSeconds, 100, double.MaxValue);
        Assert.InRange(chain.TotalMilliseconds, 0, 3000);
    }

    private async Task<TimeSpan> TimeAsync(string orchestrator, int expected)
    {
        var best = TimeSpan.MaxValue;
        for (var i = 0; i < 3; i++)
        {
            var began = Stopwatch.GetTimestamp();
            var end = await RunAsync(orchestrator, id: $"{orchestrator}-{i}");
            var took = Stopwatch.GetElapsedTime(began);
            best = took < best ? took : best;
            Assert.Equal(OrchestrationRuntimeStatus.Completed, end.RuntimeStatus);
            Assert.Equal(expected, end.ReadOutputAs<int>());
        }

        return best;
    }
}
