using Azure.Storage.Blobs;
using Testing;

namespace LocalHost.Tests.Durable;

/// <summary>One Azurite for all tests of the engine; every test has a task hub of its own.</summary>
public sealed class AzuriteFixture : IAsyncLifetime
{
    private AzuriteServer? _server;

    public AzuriteServer Server => _server!;

    public BlobServiceClient Blobs { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await AzuriteServer.StartAsync();
        Blobs = new(_server.ConnectionString);
    }

    public async ValueTask DisposeAsync() => await Server.DisposeAsync();
}

[CollectionDefinition(nameof(OneAzurite))]
public sealed class OneAzurite : ICollectionFixture<AzuriteFixture>;
