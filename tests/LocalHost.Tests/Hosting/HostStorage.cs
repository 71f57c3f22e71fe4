using Testing;

namespace LocalHost.Tests.Hosting;

/// <summary>One Azurite for all the tests that start a host.</summary>
public sealed class HostStorage : IAsyncLifetime
{
    private AzuriteServer? _azurite;

    public AzuriteServer Server => _azurite!;

    public string ConnectionString => _azurite!.ConnectionString;

    public async ValueTask InitializeAsync() => _azurite = await AzuriteServer.StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_azurite is not null)
            await _azurite.DisposeAsync();
    }
}

[CollectionDefinition(nameof(HostStorage))]
public sealed class WithHostStorage : ICollectionFixture<HostStorage>;
