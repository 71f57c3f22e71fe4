using Azure.Storage.Blobs;
using Testing;

namespace LocalHost.Tests;

[Trait("Speed", "slow")]
public class AzuriteTests
{
    [Fact]
    public async Task A_blob_is_stored_and_found()
    {
        await using var azurite = await AzuriteServer.StartAsync();
        var container = new BlobContainerClient(azurite.ConnectionString, "things");
        await container.CreateAsync(cancellationToken: TestContext.Current.CancellationToken);
        await container.UploadBlobAsync("one", BinaryData.FromString("1"), TestContext.Current.CancellationToken);

        Assert.True(await container.GetBlobClient("one").ExistsAsync(TestContext.Current.CancellationToken));
    }
}
