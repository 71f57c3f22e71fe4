using Testing;

namespace GpuWorker.Tests.Worker;

/// <summary>One Azurite for all tests of the worker, which therefore run one after another.</summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    private AzuriteServer? _server;

    internal AzuriteServer Server => _server ?? throw new InvalidOperationException("Azurite has not started.");

    public async ValueTask InitializeAsync() => _server = await AzuriteServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }
}

[CollectionDefinition(Name)]
public sealed class WorkerStorageTests : ICollectionFixture<AzuriteFixture>
{
    public const string Name = "worker storage";
}
