using System.Diagnostics;
using System.Net;
using System.Threading.Channels;
using Azure.Storage.Queues;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace LocalHost.Tests.Hosting;

[Collection(nameof(HostStorage))]
public sealed class TwoHostsTests(HostStorage storage)
{
    private readonly string _hub = $"hub{Guid.NewGuid():N}";
    private readonly string _queue = $"q{Guid.NewGuid():N}";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_host_runs_the_hub_its_queues_and_its_timers_and_the_other_takes_all_over_when_it_dies()
    {
        var (one, two) = (Channel.CreateUnbounded<string>(), Channel.CreateUnbounded<string>());
        await using var first = await StartAsync(one);
        await first.Engine.WhenReadyAsync(Cancelled);
        await using var second = await StartAsync(two);
        var queue = new QueueClient(storage.ConnectionString, _queue, new() { MessageEncoding = QueueMessageEncoding.Base64 });
        await queue.CreateIfNotExistsAsync(cancellationToken: Cancelled);
        await first.Engine.Client.ScheduleNewOrchestrationInstanceAsync("Waits", null, new StartOrchestrationOptions("w1"), Cancelled);

        Assert.Equal("started", await one.Reader.ReadAsync(Cancelled));
        for (var i = 0; i < 20; i++)
            await queue.SendMessageAsync($"before {i}", Cancelled);
        var before = new HashSet<string>();
        while (before.Count < 20)
            before.Add(await one.Reader.ReadAsync(Cancelled));
        Assert.Equal(0, two.Reader.Count);

        // It tells who is asked for what instead of waiting without an end.
        using var operators = new HttpClient { BaseAddress = second.Http.BaseAddress };
        using var refused = await operators.GetAsync($"runtime/webhooks/durabletask/instances/w1?code={second.Keys.Durable}", Cancelled);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(5), refused.Headers.RetryAfter!.Delta);
        Assert.Contains(_hub, await refused.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);

        // Its process lives on, so that the lease has to run out.
        await first.Engine.AbandonAsync();
        var waited = Stopwatch.StartNew();
        await second.Engine.WhenReadyAsync(Cancelled).WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
        Assert.InRange(waited.Elapsed.TotalSeconds, 0, 20);
        Assert.Equal("started", await two.Reader.ReadAsync(Cancelled));
        await queue.SendMessageAsync("w1", Cancelled);

        var end = await second.Engine.Client.WaitForInstanceCompletionAsync("w1", true, Cancelled).WaitAsync(TimeSpan.FromSeconds(30), Cancelled);
        Assert.Equal("released", end.ReadOutputAs<string>());
    }

    private Task<TestHost> StartAsync(Channel<string> seen) => TestHost.StartAsync(
        storage,
        [typeof(App)],
        builder => builder.Services.AddSingleton(seen.Writer),
        $"AzureFunctionsJobHost:extensions:durableTask:hubName={_hub}",
        $"QUEUE={_queue}",
        "LocalHost:HubPatienceSeconds=0.3");

    public sealed class App(ChannelWriter<string> seen)
    {
        [Function("Queue")]
        public async Task FromQueue([QueueTrigger("%QUEUE%")] string message, [DurableClient] DurableTaskClient client)
        {
            seen.TryWrite(message);
            if (message == "w1")
                await client.RaiseEventAsync("w1", "Go", "released", Cancelled);
        }

        [Function("Timer")]
        public void FromTimer([TimerTrigger("0 0 0 1 1 *", RunOnStartup = true)] TimerInfo timer) => seen.TryWrite("started");

        [Function("Waits")]
        public static Task<string> Waits([OrchestrationTrigger] TaskOrchestrationContext context) => context.WaitForExternalEvent<string>("Go");
    }
}
