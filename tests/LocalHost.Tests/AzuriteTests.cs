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

    /// <summary>The launcher has Azurite answer from indexes: what it finds has to be what is there.</summary>
    [Fact]
    public async Task Listings_by_prefix_and_blobs_by_name_are_right_while_blobs_come_and_go()
    {
        var token = TestContext.Current.CancellationToken;
        await using var azurite = await AzuriteServer.StartAsync();
        var random = new Random(7);
        string[] folders = ["a/", "a.b/", "a[b]/", "a*/", "b/é/", "b/\u65e5/", "b", "B/", "a/b/c+(d)/"];
        var there = new Dictionary<string, SortedSet<string>>();
        foreach (var name in (string[])["one", "two"])
        {
            there[name] = new(StringComparer.Ordinal);
            await new BlobContainerClient(azurite.ConnectionString, name).CreateAsync(cancellationToken: token);
        }

        for (var round = 0; round < 6; round++)
        {
            foreach (var (name, known) in there)
            {
                var container = new BlobContainerClient(azurite.ConnectionString, name);
                for (var n = 0; n < 20; n++)
                {
                    var blob = $"{folders[random.Next(folders.Length)]}{random.Next(1000)}";
                    await container.GetBlobClient(blob).UploadAsync(BinaryData.FromString(blob + name), overwrite: true, token);
                    known.Add(blob);
                }

                foreach (var gone in known.Where(_ => random.Next(5) == 0).ToList())
                {
                    await container.GetBlobClient(gone).DeleteAsync(cancellationToken: token);
                    known.Remove(gone);
                    Assert.False(await container.GetBlobClient(gone).ExistsAsync(token));
                }

                foreach (var prefix in folders.Concat(["", "a", "b/", "c", "a/1"]))
                {
                    var listed = new List<string>();
                    await foreach (var item in container.GetBlobsAsync(new() { Prefix = prefix }, token))
                        listed.Add(item.Name);
                    Assert.Equal(known.Where(blob => blob.StartsWith(prefix, StringComparison.Ordinal)), listed.Order(StringComparer.Ordinal));
                }

                var any = known.ElementAt(random.Next(known.Count));
                Assert.Equal(any + name, (await container.GetBlobClient(any).DownloadContentAsync(token)).Value.Content.ToString());
            }
        }
    }
}
