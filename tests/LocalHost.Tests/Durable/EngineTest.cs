using Azure;
using Azure.Storage.Blobs.Specialized;
using LocalHost.Durable;
using LocalHost.Durable.Storage;
using Microsoft.DurableTask.Client;

namespace LocalHost.Tests.Durable;

/// <summary>A hub, an app and the engines that run it, one after the other.</summary>
[Collection(nameof(OneAzurite))]
public abstract class EngineTest(AzuriteFixture azurite) : IAsyncDisposable
{
    private readonly List<DurableEngine> _engines = [];

    private protected TestApp App { get; set; } = new();

    private protected string Hub { get; } = "t" + Guid.NewGuid().ToString("N");

    private protected DurableEngine Engine => _engines[^1];

    private protected DurableTaskClient Client => Engine.Client;

    private protected static CancellationToken Token => TestContext.Current.CancellationToken;

    private protected AzuriteFixture Azurite => azurite;


    private protected async Task<DurableEngine> StartAsync(Func<DurableEngineOptions, DurableEngineOptions>? configure = null)
    {
        // Every orchestrator is rebuilt from its history after every turn: what a test shows holds for replay too.
        var options = new DurableEngineOptions { HubName = Hub, Blobs = azurite.Blobs, ChecksReplay = true };
        var engine = new DurableEngine(configure is null ? options : configure(options), App);
        _engines.Add(engine);
        await engine.StartAsync(Token);
        await engine.WhenReadyAsync(Token).WaitAsync(TimeSpan.FromSeconds(30), Token);
        return engine;
    }

    /// <summary>Drops the engine as a crash would, takes its lease away and starts another on the same hub.</summary>
    private protected async Task CrashAndStartAsync(Func<DurableEngineOptions, DurableEngineOptions>? configure = null)
    {
        await Engine.AbandonAsync();
        await BreakLeaseAsync();
        await StartAsync(configure);
    }

    private protected async Task BreakLeaseAsync()
    {
        try
        {
            await azurite.Blobs.GetBlobContainerClient(BlobNames.Container(Hub)).GetBlobClient(BlobNames.Lease)
                .GetBlobLeaseClient().BreakAsync(TimeSpan.Zero, cancellationToken: Token);
        }
        catch (RequestFailedException exception) when (exception.Status == 409)
        {
            // There was none.
        }
    }

    /// <summary>How many appends an instance's first generation was written in.</summary>
    private protected async Task<int> AppendsAsync(string id) =>
        (await azurite.Blobs.GetBlobContainerClient(BlobNames.Container(Hub)).GetBlobClient(BlobNames.History(id, 1))
            .GetPropertiesAsync(cancellationToken: Token)).Value.BlobCommittedBlockCount;

    private protected async Task<OrchestrationMetadata> RunAsync(string orchestrator, object? input = null, string? id = null)
    {
        var started = await Client.ScheduleNewOrchestrationInstanceAsync(
            orchestrator, input, id is null ? null : new Microsoft.DurableTask.StartOrchestrationOptions(id), Token);
        return await EndOf(started);
    }

    private protected async Task<OrchestrationMetadata> EndOf(string id) =>
        await Client.WaitForInstanceCompletionAsync(id, true, Token).WaitAsync(TimeSpan.FromSeconds(30), Token);

    private protected static async Task WaitFor(Func<Task<bool>> condition)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(20), "It has not come true in 20 seconds.");
            await Task.Delay(10, Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var engine in _engines)
            await engine.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
