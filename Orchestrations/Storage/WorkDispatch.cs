using System.Text.Json;
using Curriculum.Work;

namespace Orchestrations.Storage;

/// <summary>Sends work items to the workers: the item is stored before its message is sent, an item with a result is not sent.</summary>
public sealed class WorkDispatch(DataStorage storage, JsonBlobs blobs, OpenWaits waits, TimeProvider clock)
{
    /// <summary>Between an item's message and the moment from which its orchestration counts; storage stamps whole seconds.</summary>
    private static readonly TimeSpan Sending = TimeSpan.FromSeconds(5);

    private const int ParallelSends = 8;

    /// <summary>The instance of a message whose report no orchestration waits for.</summary>
    private const string Nobody = "nobody";

    /// <summary>Stores and sends the items; returns the ids of those that still need a result.</summary>
    public async Task<IReadOnlyList<string>> SendAsync(
        IReadOnlyList<WorkItem> items, string instance, CancellationToken cancellationToken)
    {
        if (items.Count == 0)
            return [];
        var there = await StoredAsync([.. items.Select(item => item.Id)], cancellationToken);
        var waiting = items.Where(item => !there.ContainsKey(StorageNames.Result(item.Id))).ToList();
        if (waiting.Count == 0)
            return [];
        // The wait is written beside the messages: whoever finds one without its items lets them come.
        var waited = waits.WriteAsync(WaitOf(waiting, instance), cancellationToken);
        await Parallel.ForEachAsync(
            waiting,
            new ParallelOptions { MaxDegreeOfParallelism = ParallelSends, CancellationToken = cancellationToken },
            async (item, token) =>
            {
                var stored = await blobs.FreezeAsync(
                    StorageNames.WorkContainer, StorageNames.Item(item.Id), item, CurriculumJson.Default.WorkItem, token);
                await EnqueueAsync(new(item.Id, stored.Sha256, instance), token);
            });
        await waited;
        return [.. waiting.Select(item => item.Id)];
    }

    private OpenWait WaitOf(List<WorkItem> items, string instance)
    {
        var (first, now) = (WorkItemId.Parse(items[0].Id), clock.GetUtcNow());
        return new()
        {
            Instance = instance,
            Stage = new(first.Run, first.Arm, first.Seed, first.Stage, first.Attempt),
            Kind = WaitKind.Results,
            Items = [.. items.Select(item => new OpenItem(item.Id, now, 0))],
        };
    }

    /// <summary>Sends a stored item's message again.</summary>
    public async Task ResendAsync(string id, string instance, CancellationToken cancellationToken)
    {
        var stored = await blobs.ReadBytesAsync(StorageNames.WorkContainer, StorageNames.Item(id), cancellationToken);
        await EnqueueAsync(new(id, CurriculumJson.Hash(stored.ToMemory().Span), instance), cancellationToken);
    }

    /// <summary>Whether a message that was sent at <paramref name="sentAt"/> may still wait its turn: the front of the queue is as old.</summary>
    /// <remarks>
    /// Another look at the front is all that a queue offers; it is asked only of items that have waited for a long time. How long the front has waited
    /// is the storage's to say: a host whose clock is wrong sends nothing twice for it.
    /// </remarks>
    public async Task<bool> MayBeQueuedAsync(DateTimeOffset sentAt, CancellationToken cancellationToken)
    {
        var front = await storage.Queues.GetQueueClient(StorageNames.WorkQueue).PeekMessagesAsync(1, cancellationToken);
        if (front.Value.Length == 0)
            return false;
        var age = front.GetRawResponse().Headers.Date - front.Value[0].InsertedOn ?? TimeSpan.Zero;
        return clock.GetUtcNow() - age <= sentAt + Sending;
    }

    /// <summary>The blobs that there are of the items and how old they are, by one listing: a thousand items cost a few requests.</summary>
    public Task<IReadOnlyDictionary<string, TimeSpan>> StoredAsync(IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        var common = ids.Aggregate((one, other) => one[..one.AsSpan().CommonPrefixLength(other)]);
        return blobs.AgesAsync(StorageNames.WorkContainer, common, cancellationToken);
    }

    /// <summary>The stored result of an item, or null where there is none.</summary>
    public Task<WorkResult?> FindResultAsync(string id, CancellationToken cancellationToken) =>
        blobs.FindAsync(StorageNames.WorkContainer, StorageNames.Result(id), CurriculumJson.Default.WorkResult, cancellationToken);

    /// <summary>The stored result of an item that was reported.</summary>
    /// <exception cref="IOException">There is none: the item was sent again, and reading it is to be tried again later.</exception>
    /// <remarks>A report is a hint. A storage that broke down may have kept it and lost the result before it.</remarks>
    public async Task<WorkResult> ReadResultAsync(string id, CancellationToken cancellationToken)
    {
        if (await FindResultAsync(id, cancellationToken) is { } result)
            return result;
        await ResendAsync(id, Nobody, cancellationToken);
        throw new IOException(
            $"Expected the reported result {StorageNames.WorkContainer}/{StorageNames.Result(id)}; it does not exist. Has the storage lost what it acknowledged? The item was sent again.");
    }

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
