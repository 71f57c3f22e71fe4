using Testing;

namespace Orchestrations.Tests.Storage;

/// <summary>One Azurite, behind a proxy, for all tests of activities, which therefore run one after another.</summary>
public sealed class StorageFixture : IAsyncLifetime
{
    private AzuriteServer? _server;
    private FaultProxy? _proxy;

    internal FaultProxy Proxy => _proxy ?? throw new InvalidOperationException("Azurite has not started.");

    public async ValueTask InitializeAsync()
    {
        _server = await AzuriteServer.StartAsync();
        _proxy = await FaultProxy.StartAsync(_server);
    }

    public async ValueTask DisposeAsync()
    {
        if (_proxy is not null)
            await _proxy.DisposeAsync();
        if (_server is not null)
            await _server.DisposeAsync();
    }
}

[CollectionDefinition(Name)]
public sealed class ActivityStorage : ICollectionFixture<StorageFixture>
{
    public const string Name = "activity storage";
}
