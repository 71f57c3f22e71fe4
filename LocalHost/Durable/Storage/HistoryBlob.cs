using Azure;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using LocalHost.Durable.History;

namespace LocalHost.Durable.Storage;

/// <summary>The history of one generation: an append blob whose every append names the position it expects.</summary>
internal sealed class HistoryBlob(HubStorage hub, string instanceId, int generation)
{
    private const int BlockBytes = 3 * 1024 * 1024;

    private readonly AppendBlobClient _blob = hub.Container.GetAppendBlobClient(BlobNames.History(instanceId, generation));
    private readonly PayloadBlobs _payloads = new(hub, instanceId, generation);
    private long _position;
    private bool _exists;

    public int Generation => generation;

    /// <summary>Whether the blob can take another turn: the service allows 50,000 blocks.</summary>
    public bool HasRoom { get; private set; } = true;

    /// <summary>Returns when the events are durable.</summary>
    /// <exception cref="HubLostException">Another host has written to the history.</exception>
    public async Task AppendAsync(IReadOnlyList<HistoryEvent> events)
    {
        var lines = new List<HistoryEvent>(events.Count);
        foreach (var item in events)
            lines.Add(await _payloads.StoreAsync(item));
        if (!_exists)
            await CreateAsync();
        foreach (var block in HistoryText.Write(lines, BlockBytes))
            await AppendAsync(block);
        hub.EnsureOurs();
    }

    /// <summary>All events, payloads included; what half a turn has left is <c>Cut</c> off.</summary>
    public async Task<(List<HistoryEvent> Events, bool Cut)> ReadAsync()
    {
        var content = await hub.WithPatienceAsync(cancellation => _blob.DownloadContentAsync(cancellation));
        var bytes = content.Value.Content.ToMemory();
        var (events, cut) = HistoryText.Read(bytes.Span);
        for (var i = 0; i < events.Count; i++)
            events[i] = await _payloads.LoadAsync(events[i]);
        (_exists, _position) = (true, bytes.Length);
        return (events, cut);
    }

    /// <summary>Writes what a list of blobs tells of an instance that has ended.</summary>
    public async Task SetMetadataAsync(IDictionary<string, string> metadata)
    {
        try
        {
            await hub.WithPatienceAsync(cancellation => _blob.SetMetadataAsync(metadata, cancellationToken: cancellation));
        }
        catch (RequestFailedException exception) when (exception.Status == 404)
        {
            // Purged or replaced meanwhile.
        }
    }

    private async Task CreateAsync()
    {
        var options = new AppendBlobCreateOptions { Conditions = new() { IfNoneMatch = ETag.All } };
        try
        {
            await hub.WithPatienceAsync(cancellation => _blob.CreateAsync(options, cancellation));
        }
        catch (RequestFailedException exception) when (exception.Status is 409 or 412)
        {
            // An attempt whose answer was lost, or one that died before its first append, has left it empty.
            var found = await hub.WithPatienceAsync(cancellation => _blob.GetPropertiesAsync(cancellationToken: cancellation));
            if (found.Value.ContentLength > 0)
                throw new HubLostException($"The history of '{instanceId}' has been begun by another host.");
        }

        _exists = true;
    }

    private async Task AppendAsync(ReadOnlyMemory<byte> block)
    {
        var options = new AppendBlobAppendBlockOptions { Conditions = new() { IfAppendPositionEqual = _position } };
        try
        {
            var appended = await hub.WithPatienceAsync(
                cancellation => _blob.AppendBlockAsync(BinaryData.FromBytes(block).ToStream(), options, cancellation));
            HasRoom = appended.Value.BlobCommittedBlockCount < 49_000;
        }
        catch (RequestFailedException exception) when (exception.Status is 404 or 412)
        {
            if (exception.Status == 404 || !await IsAppendedAsync(block))
                throw new HubLostException($"The history of '{instanceId}' has been written to by another host.");
        }

        _position += block.Length;
    }

    // An append whose answer was lost is tried again and finds itself in its own way.
    private async Task<bool> IsAppendedAsync(ReadOnlyMemory<byte> block)
    {
        var content = await hub.WithPatienceAsync(cancellation => _blob.DownloadContentAsync(cancellation));
        var bytes = content.Value.Content.ToMemory();
        return bytes.Length == _position + block.Length && bytes.Span[(int)_position..].SequenceEqual(block.Span);
    }
}
