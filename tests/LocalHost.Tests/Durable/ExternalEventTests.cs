using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace LocalHost.Tests.Durable;

public sealed class ExternalEventTests(AzuriteFixture azurite) : EngineTest(azurite)
{
    [Fact]
    public async Task An_event_is_given_to_the_wait_for_it_whatever_the_case_of_its_name()
    {
        App.Orchestrator("Waits", async context => await context.WaitForExternalEvent<string>("Approval"));
        await StartAsync();
        await Client.ScheduleNewOrchestrationInstanceAsync("Waits", null, new StartOrchestrationOptions("w"), Token);

        await Client.RaiseEventAsync("w", "approval", "yes", Token);

        Assert.Equal("yes", (await EndOf("w")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task Events_that_come_before_their_wait_are_kept_in_order_for_each_name()
    {
        App.Orchestrator("Waits", async context =>
        {
            await context.WaitForExternalEvent<bool>("go");
            return new[]
            {
                await context.WaitForExternalEvent<int>("a"),
                await context.WaitForExternalEvent<int>("b"),
                await context.WaitForExternalEvent<int>("a"),
            };
        });
        await StartAsync();
        await Client.ScheduleNewOrchestrationInstanceAsync("Waits", null, new StartOrchestrationOptions("w"), Token);

        await Client.RaiseEventAsync("w", "a", 1, Token);
        await Client.RaiseEventAsync("w", "a", 2, Token);
        await Client.RaiseEventAsync("w", "b", 3, Token);
        await Client.RaiseEventAsync("w", "go", true, Token);

        Assert.Equal((int[])[1, 3, 2], (await EndOf("w")).ReadOutputAs<int[]>()!);
    }

    [Fact]
    public async Task Waits_for_one_name_are_served_in_order()
    {
        App.Orchestrator("Waits", async context =>
        {
            var (first, second) = (context.WaitForExternalEvent<int>("x"), context.WaitForExternalEvent<int>("x"));
            return new[] { await first, await second };
        });
        await StartAsync();
        await Client.ScheduleNewOrchestrationInstanceAsync("Waits", null, new StartOrchestrationOptions("w"), Token);

        await Client.RaiseEventAsync("w", "x", 1, Token);
        await Client.RaiseEventAsync("w", "x", 2, Token);

        Assert.Equal((int[])[1, 2], (await EndOf("w")).ReadOutputAs<int[]>()!);
    }

    [Fact]
    public async Task A_wait_past_its_time_is_cancelled()
    {
        App.Orchestrator("Waits", async context =>
        {
            try
            {
                return await context.WaitForExternalEvent<string>("never", TimeSpan.FromMilliseconds(50));
            }
            catch (TaskCanceledException)
            {
                return "timed out";
            }
        });
        await StartAsync();

        Assert.Equal("timed out", (await RunAsync("Waits")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task A_wait_that_ends_in_time_leaves_its_timer_behind()
    {
        App.Orchestrator("Waits", async context => await context.WaitForExternalEvent<string>("soon", TimeSpan.FromHours(1)));
        await StartAsync();
        await Client.ScheduleNewOrchestrationInstanceAsync("Waits", null, new StartOrchestrationOptions("w"), Token);

        await Client.RaiseEventAsync("w", "soon", "here", Token);

        Assert.Equal("here", (await EndOf("w")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task A_cancelled_wait_leaves_its_event_to_the_next()
    {
        App.Orchestrator("Waits", async context =>
        {
            using var cancel = new CancellationTokenSource();
            var first = context.WaitForExternalEvent<int>("x", cancel.Token);
            cancel.Cancel();
            var second = context.WaitForExternalEvent<int>("x");
            return $"{await second} {first.IsCanceled}";
        });
        await StartAsync();
        await Client.ScheduleNewOrchestrationInstanceAsync("Waits", null, new StartOrchestrationOptions("w"), Token);

        await Client.RaiseEventAsync("w", "x", 7, Token);

        Assert.Equal("7 True", (await EndOf("w")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task An_orchestration_sends_events_to_another_and_to_itself()
    {
        App.Orchestrator("Receiver", async context => await context.WaitForExternalEvent<int>("n"))
            .Orchestrator("Sender", async context =>
            {
                context.SendEvent("receiver", "n", 41);
                context.SendEvent(context.InstanceId, "n", 42);
                return await context.WaitForExternalEvent<int>("n");
            });
        await StartAsync();
        await Client.ScheduleNewOrchestrationInstanceAsync("Receiver", null, new StartOrchestrationOptions("receiver"), Token);

        var sender = await RunAsync("Sender");

        Assert.Equal(42, sender.ReadOutputAs<int>());
        Assert.Equal(41, (await EndOf("receiver")).ReadOutputAs<int>());
    }

    [Fact]
    public async Task An_event_for_an_unknown_or_ended_instance_is_refused()
    {
        App.Orchestrator("Ends", _ => Task.FromResult<object?>(1));
        await StartAsync();
        await RunAsync("Ends", id: "ended");

        await Assert.ThrowsAsync<ArgumentException>(() => Client.RaiseEventAsync("nobody", "x", 1, Token));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Client.RaiseEventAsync("ended", "x", 1, Token));
    }

    [Fact]
    public async Task An_event_that_was_accepted_survives_a_crash()
    {
        App.Orchestrator("Waits", async context =>
        {
            var first = await context.WaitForExternalEvent<int>("x");
            var second = await context.WaitForExternalEvent<int>("x");
            return $"{first} {second}";
        });
        await StartAsync();
        await Client.ScheduleNewOrchestrationInstanceAsync("Waits", null, new StartOrchestrationOptions("w"), Token);

        await Client.RaiseEventAsync("w", "x", 1, Token);
        await CrashAndStartAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Running, (await Client.GetInstanceAsync("w", Token))!.RuntimeStatus);
        await Client.RaiseEventAsync("w", "x", 2, Token);

        Assert.Equal("1 2", (await EndOf("w")).ReadOutputAs<string>());
    }
}
