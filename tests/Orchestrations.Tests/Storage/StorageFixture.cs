using Testing;

namespace Orchestrations.Tests.Storage;

/// <summary>One Azurite for all tests of activities, which therefore run one after another.</summary>
public sealed class StorageFixture : IAsyncLifetime
{
    private AzuriteServer? _server;

    internal string ConnectionString => _server?.ConnectionString ?? throw new InvalidOperationException("Azurite has not started.");

    public async ValueTask InitializeAsync() => _server = await AzuriteServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }
}

[CollectionDefinition(Name)]
public sealed class ActivityStorage : ICollectionFixture<StorageFixture>
{
    public const string Name = "activity storage";
}
