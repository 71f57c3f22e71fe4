using System.Security.Cryptography;
using System.Text;
using Azure.Storage.Blobs;
using LocalHost.Durable.History;

namespace LocalHost.Durable.Storage;

/// <summary>The payloads of one generation that are too large for a line of history, named by their hash.</summary>
internal sealed class PayloadBlobs(HubStorage hub, string instanceId, int generation)
{
    private const int InlineBytes = 48 * 1024;

    /// <summary>The event, its payload stored and named by hash where it is large.</summary>
    public async Task<HistoryEvent> StoreAsync(HistoryEvent item)
    {
        if (item.Data is not { Text: { } text } data || text.Length * 3 <= InlineBytes)
            return item;
        var bytes = Encoding.UTF8.GetBytes(text);
        if (bytes.Length <= InlineBytes)
            return item;
        var hash = Convert.ToHexStringLower(SHA256.HashData(bytes));
        var blob = Blob(hash);
        await hub.WithPatienceAsync(cancellation => blob.UploadAsync(BinaryData.FromBytes(bytes), overwrite: true, cancellation));
        return item with { Data = data with { Hash = hash } };
    }

    /// <summary>The event with its payload's text.</summary>
    public async Task<HistoryEvent> LoadAsync(HistoryEvent item)
    {
        if (item.Data is not { Hash: { } hash, Text: null } data)
            return item;
        var content = await hub.WithPatienceAsync(cancellation => Blob(hash).DownloadContentAsync(cancellation));
        return item with { Data = data with { Text = content.Value.Content.ToString() } };
    }

    private BlobClient Blob(string hash) => hub.Container.GetBlobClient(BlobNames.PayloadsOf(instanceId, generation) + hash);
}
