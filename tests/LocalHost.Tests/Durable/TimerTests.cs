using Microsoft.DurableTask;

namespace LocalHost.Tests.Durable;

public sealed class TimerTests(AzuriteFixture azurite) : EngineTest(azurite)
{
    [Fact]
    public async Task A_timer_fires_no_earlier_than_its_time()
    {
        App.Orchestrator("Waits", async context =>
        {
            var due = context.CurrentUtcDateTime.AddMilliseconds(150);
            await context.CreateTimer(due, CancellationToken.None);
            return context.CurrentUtcDateTime >= due;
        });
        await StartAsync();

        Assert.True((await RunAsync("Waits")).ReadOutputAs<bool>());
    }

    [Fact]
    public async Task Timers_fire_in_the_order_of_their_times()
    {
        App.Orchestrator("Waits", async context =>
        {
            var fired = new List<int>();
            int[] delays = [120, 40, 80];
            await Task.WhenAll(delays.Select(async delay =>
            {
                await context.CreateTimer(TimeSpan.FromMilliseconds(delay), CancellationToken.None);
                fired.Add(delay);
            }));
            return fired;
        });
        await StartAsync();

        Assert.Equal((int[])[40, 80, 120], (await RunAsync("Waits")).ReadOutputAs<int[]>()!);
    }

    [Fact]
    public async Task A_cancelled_timer_throws_and_holds_nothing_up()
    {
        App.Orchestrator("Cancels", async context =>
        {
            using var cancel = new CancellationTokenSource();
            var timer = context.CreateTimer(TimeSpan.FromHours(1), cancel.Token);
            await context.CreateTimer(TimeSpan.FromMilliseconds(10), CancellationToken.None);
            cancel.Cancel();
            try
            {
                await timer;
                return "fired";
            }
            catch (TaskCanceledException)
            {
                return "cancelled";
            }
        });
        await StartAsync();

        Assert.Equal("cancelled", (await RunAsync("Cancels")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task A_start_in_the_future_is_pending_until_its_time()
    {
        App.Orchestrator("Later", context => Task.FromResult<object?>(context.CurrentUtcDateTime));
        await StartAsync();
        var at = DateTimeOffset.UtcNow.AddMilliseconds(700);

        await Client.ScheduleNewOrchestrationInstanceAsync("Later", null, new StartOrchestrationOptions("later", at), Token);
        var pending = await Client.GetInstanceAsync("later", Token);
        await CrashAndStartAsync();
        var end = await EndOf("later");

        Assert.Equal(Microsoft.DurableTask.Client.OrchestrationRuntimeStatus.Pending, pending!.RuntimeStatus);
        Assert.True(end.ReadOutputAs<DateTime>() >= at.UtcDateTime);
    }
}
