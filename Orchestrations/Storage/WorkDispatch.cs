using System.Text.Json;
using Curriculum.Work;

namespace Orchestrations.Storage;

/// <summary>Sends work items to the workers: the item is stored before its message is sent, an item with a result is not sent.</summary>
public sealed class WorkDispatch(DataStorage storage, JsonBlobs blobs)
{
    /// <summary>Stores and sends the items; returns the ids of those that still need a result.</summary>
    public async Task<IReadOnlyList<string>> SendAsync(
        IReadOnlyList<WorkItem> items, string instance, CancellationToken cancellationToken)
    {
        var waiting = new List<string>(items.Count);
        foreach (var item in items)
        {
            var bytes = JsonSerializer.SerializeToUtf8Bytes(item, CurriculumJson.Default.WorkItem);
            var hash = CurriculumJson.Hash(bytes);
            await blobs.FreezeAsync(
                StorageNames.WorkContainer, StorageNames.Item(item.Id), item, CurriculumJson.Default.WorkItem, cancellationToken);
            if (await blobs.Blob(StorageNames.WorkContainer, StorageNames.Result(item.Id)).ExistsAsync(cancellationToken))
                continue;
            await EnqueueAsync(new(item.Id, hash, instance), cancellationToken);
            waiting.Add(item.Id);
        }

        return waiting;
    }

    /// <summary>Sends a stored item's message again.</summary>
    public async Task ResendAsync(string id, string instance, CancellationToken cancellationToken)
    {
        var stored = await blobs.Blob(StorageNames.WorkContainer, StorageNames.Item(id)).DownloadContentAsync(cancellationToken);
        await EnqueueAsync(new(id, CurriculumJson.Hash(stored.Value.Content.ToMemory().Span), instance), cancellationToken);
    }

    /// <summary>The stored result of an item.</summary>
    public Task<WorkResult> ReadResultAsync(string id, CancellationToken cancellationToken) =>
        blobs.ReadAsync(StorageNames.WorkContainer, StorageNames.Result(id), CurriculumJson.Default.WorkResult, cancellationToken);

    private async Task EnqueueAsync(WorkMessage message, CancellationToken cancellationToken)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(message, CurriculumJson.Default.WorkMessage);
        if (bytes.Length > StorageNames.MaxMessageBytes)
            throw new InvalidOperationException($"Expected a work message of at most {StorageNames.MaxMessageBytes} bytes, made one of {bytes.Length} for {message.Id}.");

        // Never expires: an item may wait for a worker for longer than a queue's seven days by default.
        await storage.Queues.GetQueueClient(StorageNames.WorkQueue).SendMessageAsync(
            BinaryData.FromBytes(bytes), timeToLive: TimeSpan.FromSeconds(-1), cancellationToken: cancellationToken);
    }
}
