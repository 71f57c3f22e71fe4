using System.Collections.Concurrent;
using LocalHost.Durable;
using LocalHost.Durable.Storage;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace LocalHost.Tests.Durable;

public sealed class RecoveryTests(AzuriteFixture azurite) : EngineTest(azurite)
{
    [Fact]
    public async Task An_activity_that_a_crash_cut_off_runs_again_and_finished_ones_do_not()
    {
        var runs = new ConcurrentDictionary<int, int>();
        var reached = new TaskCompletionSource();
        App.Activity<int>("Work", async (item, cancellation) =>
            {
                if (runs.AddOrUpdate(item, 1, (_, n) => n + 1) == 1 && item == 3)
                {
                    reached.SetResult();
                    await Task.Delay(Timeout.Infinite, cancellation);
                }

                return item;
            })
            .Orchestrator("Chain", async context =>
            {
                var sum = 0;
                for (var i = 0; i < 5; i++)
                    sum += await context.CallActivityAsync<int>("Work", i);
                return sum;
            });
        await StartAsync();
        await Client.ScheduleNewOrchestrationInstanceAsync("Chain", null, new StartOrchestrationOptions("one"), Token);
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(20), Token);

        await CrashAndStartAsync();

        Assert.Equal(10, (await EndOf("one")).ReadOutputAs<int>());
        Assert.Equal([1, 1, 1, 2, 1], runs.OrderBy(run => run.Key).Select(run => run.Value));
    }

    [Fact]
    public async Task A_timer_fires_at_its_time_after_a_crash()
    {
        App.Orchestrator("Waits", async context =>
        {
            var due = context.CurrentUtcDateTime.AddMilliseconds(600);
            await context.CreateTimer(due, CancellationToken.None);
            return context.CurrentUtcDateTime - due < TimeSpan.FromSeconds(20) && context.CurrentUtcDateTime >= due;
        });
        await StartAsync();
        await Client.ScheduleNewOrchestrationInstanceAsync("Waits", null, new StartOrchestrationOptions("one"), Token);

        await CrashAndStartAsync();

        Assert.True((await EndOf("one")).ReadOutputAs<bool>());
    }

    [Fact]
    public async Task A_wait_for_completion_holds_over_a_change_of_host()
    {
        App.Orchestrator("Waits", async context => await context.WaitForExternalEvent<int>("x"))
            .Orchestrator("Parent", async context => await context.CallSubOrchestratorAsync<int>(
                "Waits", null, new SubOrchestrationOptions(instanceId: "child")));
        await StartAsync();
        await Client.ScheduleNewOrchestrationInstanceAsync("Parent", null, new StartOrchestrationOptions("parent"), Token);
        await WaitFor(async () => await Client.GetInstanceAsync("child", Token) is not null);

        await CrashAndStartAsync();
        await Client.RaiseEventAsync("child", "x", 9, Token);

        Assert.Equal(9, (await EndOf("parent")).ReadOutputAs<int>());
    }

    [Fact]
    public async Task Half_a_turn_in_the_history_does_not_count()
    {
        App.Orchestrator("Waits", async context => await context.WaitForExternalEvent<int>("x"));
        await StartAsync();
        await Client.ScheduleNewOrchestrationInstanceAsync("Waits", null, new StartOrchestrationOptions("one"), Token);
        await Engine.AbandonAsync();
        await BreakLeaseAsync();
        var blob = new Azure.Storage.Blobs.Specialized.AppendBlobClient(
            Azurite.Server.ConnectionString, BlobNames.Container(Hub), BlobNames.History("one", 1));
        using (var half = new MemoryStream(
            """
            {"kind":"turn","at":"2026-01-01T00:00:00+00:00","events":2}
            {"kind":"event-raised","name":"x","data":"1"}

            """u8.ToArray()))
            await blob.AppendBlockAsync(half, cancellationToken: Token);

        await StartAsync();
        await Client.RaiseEventAsync("one", "x", 2, Token);
        await CrashAndStartAsync();

        Assert.Equal(2, (await EndOf("one")).ReadOutputAs<int>());
    }

    [Fact]
    public async Task A_start_that_was_not_written_whole_never_happened()
    {
        await StartAsync();
        await Engine.AbandonAsync();
        await BreakLeaseAsync();
        await new Azure.Storage.Blobs.Specialized.AppendBlobClient(
            Azurite.Server.ConnectionString, BlobNames.Container(Hub), BlobNames.History("one", 1)).CreateAsync(cancellationToken: Token);

        App.Orchestrator("Ends", _ => Task.FromResult<object?>(1));
        await StartAsync();

        Assert.Null(await Client.GetInstanceAsync("one", Token));
        Assert.Equal(1, (await RunAsync("Ends", id: "one")).ReadOutputAs<int>());
    }

    [Fact]
    public async Task A_second_host_waits_for_the_lease_and_takes_over_when_it_is_given_back()
    {
        App.Orchestrator("Waits", async context => await context.WaitForExternalEvent<int>("x"));
        var first = await StartAsync();
        await Client.ScheduleNewOrchestrationInstanceAsync("Waits", null, new StartOrchestrationOptions("one"), Token);
        await using var second = new DurableEngine(new() { HubName = Hub, Blobs = Azurite.Blobs }, App);
        await second.StartAsync(Token);

        await Assert.ThrowsAsync<TimeoutException>(() => second.WhenReadyAsync(Token).WaitAsync(TimeSpan.FromMilliseconds(1500), Token));
        await first.StopAsync();
        await second.WhenReadyAsync(Token).WaitAsync(TimeSpan.FromSeconds(10), Token);
        await second.Client.RaiseEventAsync("one", "x", 3, Token);

        var end = await second.Client.WaitForInstanceCompletionAsync("one", true, Token);
        Assert.Equal(3, end.ReadOutputAs<int>());
    }

    [Fact]
    public async Task A_host_that_has_lost_the_hub_writes_nothing_more()
    {
        App.Orchestrator("Waits", async context => await context.WaitForExternalEvent<int>("x"));
        var first = await StartAsync();
        await Client.ScheduleNewOrchestrationInstanceAsync("Waits", null, new StartOrchestrationOptions("one"), Token);

        // The first does not know yet: its next renewal is up to five seconds away.
        await BreakLeaseAsync();
        await StartAsync();

        await Assert.ThrowsAnyAsync<Exception>(() => first.Client.RaiseEventAsync("one", "x", 1, Token).WaitAsync(TimeSpan.FromSeconds(20), Token));
        await Client.RaiseEventAsync("one", "x", 2, Token);
        Assert.Equal(2, (await EndOf("one")).ReadOutputAs<int>());
    }

    [Fact]
    public async Task A_holder_that_was_a_process_here_and_is_gone_is_not_waited_for()
    {
        await StartAsync();
        await Engine.StopAsync();
        var lease = Azurite.Blobs.GetBlobContainerClient(BlobNames.Container(Hub)).GetBlobClient(BlobNames.Lease);
        var held = (await Azure.Storage.Blobs.Specialized.SpecializedBlobExtensions.GetBlobLeaseClient(lease)
            .AcquireAsync(TimeSpan.FromSeconds(60), cancellationToken: Token)).Value;
        using (var process = System.Diagnostics.Process.Start("sleep", "60"))
        {
            await lease.SetMetadataAsync(
                new Dictionary<string, string>
                {
                    ["machine"] = Uri.EscapeDataString(Environment.MachineName),
                    ["process"] = $"{process.Id}",
                    ["began"] = $"{new DateTimeOffset(process.StartTime.ToUniversalTime()).ToUnixTimeSeconds()}",
                },
                new() { LeaseId = held.LeaseId },
                Token);
            await using var second = new DurableEngine(new() { HubName = Hub, Blobs = Azurite.Blobs }, App);
            await second.StartAsync(Token);
            await Assert.ThrowsAsync<TimeoutException>(() => second.WhenReadyAsync(Token).WaitAsync(TimeSpan.FromMilliseconds(1500), Token));

            process.Kill();
            await process.WaitForExitAsync(Token);

            await second.WhenReadyAsync(Token).WaitAsync(TimeSpan.FromSeconds(10), Token);
        }
    }
}
