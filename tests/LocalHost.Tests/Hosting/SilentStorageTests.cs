using System.Collections.Concurrent;
using System.Diagnostics;
using Azure.Storage.Queues;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Testing;

namespace LocalHost.Tests.Hosting;

/// <summary>A storage that takes a request and never answers it.</summary>
[Collection(nameof(HostStorage))]
public sealed class SilentStorageTests(HostStorage storage)
{
    private static readonly string[] Calls = ["comp=lease", "comp=appendblock", "/messages"];

    private readonly string _queue = $"q{Guid.NewGuid():N}";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_without_an_answer_is_made_again_and_the_lease_survives_it()
    {
        var queue = new QueueClient(storage.ConnectionString, _queue, new() { MessageEncoding = QueueMessageEncoding.Base64 });
        await queue.CreateIfNotExistsAsync(cancellationToken: Cancelled);
        await using var proxy = await FaultProxy.StartAsync(storage.Server);
        await using var host = await TestHost.StartAsync(
            storage,
            [typeof(App)],
            null,
            $"AzureWebJobsStorage={proxy.ConnectionString}",
            $"QUEUE={_queue}",
            "AzureFunctionsJobHost:extensions:queues:maxPollingInterval=00:00:00.2",
            // Longer than the lease's calls have, shorter than the test.
            "LocalHost:StorageTimeoutSeconds=6");
        await host.Engine.WhenReadyAsync(Cancelled);
        var lost = await host.Engine.WhenHeldAsync(Cancelled);
        var began = Stopwatch.StartNew();

        var silent = new ConcurrentDictionary<string, int>();
        var leases = 0;
        proxy.Sees = (_, path) => leases += path.Contains("comp=lease", StringComparison.Ordinal) ? 1 : 0;
        var hung = proxy.ArmAsync(new((_, path) => Calls.Any(
            call => path.Contains(call, StringComparison.Ordinal) && silent.AddOrUpdate(call, 1, (_, n) => n + 1) == 1))
        {
            Times = Calls.Length,
            Delay = Timeout.InfiniteTimeSpan,
        });
        await host.Engine.Client.ScheduleNewOrchestrationInstanceAsync("Waits", null, new StartOrchestrationOptions("one"), Cancelled);
        await queue.SendMessageAsync("one", Cancelled);
        var end = await host.Engine.Client.WaitForInstanceCompletionAsync("one", true, Cancelled).WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
        await hung.WaitAsync(TimeSpan.FromSeconds(30), Cancelled);

        Assert.Equal("one", end.ReadOutputAs<string>());
        // Longer than a lease that was renewed before the silent call, and by a second that follows it closely.
        await Task.Delay(TimeSpan.FromSeconds(16) - began.Elapsed is { Ticks: > 0 } left ? left : TimeSpan.Zero, Cancelled);
        Assert.False(lost.IsCompleted, "Expected the host to keep its hub.");
        Assert.All(Calls, call => Assert.True(silent[call] > 1, $"Expected '{call}' to be asked again."));
        Assert.InRange(leases, 2, 5);
    }

    public sealed class App
    {
        [Function("Queue")]
        public static Task FromQueue([QueueTrigger("%QUEUE%")] string message, [DurableClient] DurableTaskClient client) =>
            client.RaiseEventAsync(message, "Go", message, Cancelled);

        [Function("Waits")]
        public static Task<string> Waits([OrchestrationTrigger] TaskOrchestrationContext context) => context.WaitForExternalEvent<string>("Go");
    }
}
