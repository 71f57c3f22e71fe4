using System.Diagnostics;
using System.Text.Json;
using Curriculum.Telemetry;
using Curriculum.Texts;
using Curriculum.Work;
using Orchestrations.Telemetry;

namespace Orchestrations.Storage;

/// <summary>Sends work items to the workers: the item is stored before its message is sent, an item with a result is not sent.</summary>
public sealed class WorkDispatch(DataStorage storage, JsonBlobs blobs, OpenWaits waits, TimeProvider clock)
{
    /// <summary>Between an item's message and the moment from which its orchestration counts; storage stamps whole seconds.</summary>
    private static readonly TimeSpan Sending = TimeSpan.FromSeconds(5);

    private const int ParallelSends = 8;

    /// <summary>Stores and sends the items, and notes the wait for them; returns the ids of those that still need a result.</summary>
    /// <param name="items">The work.</param>
    /// <param name="owner">What it is done for.</param>
    /// <param name="step">The step that follows once the results are there.</param>
    /// <param name="areNew">Whether nobody can have sent them before, so that nothing has to be looked for.</param>
    /// <param name="cancellationToken">Stops the sending.</param>
    public async Task<IReadOnlyList<WorkItemId>> SendAsync(IReadOnlyList<WorkItem> items, WorkOwner owner, int step, bool areNew, CancellationToken cancellationToken)
    {
        if (items.Count == 0)
            return [];
        var there = areNew ? new Dictionary<string, TimeSpan>() : await StoredAsync([.. items.Select(item => item.Id)], cancellationToken);
        var waiting = items.Where(item => !there.ContainsKey(StorageNames.Result(item.Id))).ToList();
        if (waiting.Count == 0)
            return [];
        var sentAt = clock.GetUtcNow();
        using var span = Signals.Spans.StartActivity("send", ActivityKind.Producer)?.SetTag(SignalTags.Queue, StorageNames.WorkQueue).SetTag("messaging.batch.message_count", waiting.Count);
        await Parallel.ForEachAsync(
            waiting,
            new ParallelOptions { MaxDegreeOfParallelism = ParallelSends, CancellationToken = cancellationToken },
            async (item, token) =>
            {
                var isRepeated = there.ContainsKey(StorageNames.Item(item.Id));
                var bytes = JsonSerializer.SerializeToUtf8Bytes(item, CurriculumJson.Default.WorkItem);
                await blobs.FreezeAsync(StorageNames.WorkContainer, StorageNames.Item(item.Id), bytes, token);
                await EnqueueAsync(item.Id, bytes, owner.Instance, isRepeated, token);
            });
        // Last: until it is written the step is taken again by whoever was to take it, and what was not sent is sent.
        await WaitAsync([.. waiting.Select(item => item.Id)], owner, step, sentAt, cancellationToken);
        return [.. waiting.Select(item => item.Id)];
    }

    /// <summary>Stores an item that was done without being sent, and its result.</summary>
    public async Task StoreAsync(WorkItem item, WorkResult result, CancellationToken cancellationToken)
    {
        await blobs.FreezeAsync(StorageNames.WorkContainer, StorageNames.Item(item.Id), item, CurriculumJson.Default.WorkItem, cancellationToken);
        await blobs.TryCreateAsync(StorageNames.WorkContainer, StorageNames.Result(item.Id), result, CurriculumJson.Default.WorkResult, cancellationToken);
    }

    /// <summary>Sends stored items again whose results are not there, and notes the wait for them.</summary>
    public async Task SendAgainAsync(IReadOnlyList<WorkItemId> ids, WorkOwner owner, int step, CancellationToken cancellationToken)
    {
        var sentAt = clock.GetUtcNow();
        foreach (var id in ids)
            await ResendAsync(id, owner.Instance, cancellationToken);
        await WaitAsync(ids, owner, step, sentAt, cancellationToken);
    }

    private Task WaitAsync(IReadOnlyList<WorkItemId> ids, WorkOwner owner, int step, DateTimeOffset sentAt, CancellationToken cancellationToken) => waits.WriteAsync(
        new()
        {
            Instance = owner.Instance,
            Owner = owner,
            Kind = WaitKind.Results,
            Step = step,
            Items = [.. ids.Select(id => new OpenItem(id, sentAt, 0))],
            TraceParent = StepSpan.Origin(),
        },
        cancellationToken);

    /// <summary>Sends a stored item's message again.</summary>
    public async Task ResendAsync(WorkItemId id, string instance, CancellationToken cancellationToken)
    {
        var stored = await blobs.ReadBytesAsync(StorageNames.WorkContainer, StorageNames.Item(id), cancellationToken);
        AppMeasurements.SentAgain();
        await EnqueueAsync(id, stored.ToMemory(), instance, isRepeated: true, cancellationToken);
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
    public Task<IReadOnlyDictionary<string, TimeSpan>> StoredAsync(IReadOnlyList<WorkItemId> ids, CancellationToken cancellationToken)
    {
        var common = ids.Select(id => id.ToString()).Aggregate((one, other) => one[..one.AsSpan().CommonPrefixLength(other)]);
        return blobs.AgesAsync(StorageNames.WorkContainer, common, cancellationToken);
    }

    // Never expires: an item may wait for a worker for longer than a queue's seven days by default.
    private async Task EnqueueAsync(WorkItemId id, ReadOnlyMemory<byte> item, string instance, bool isRepeated, CancellationToken cancellationToken)
    {
        WorkMessage message = new(id, Sha256Hex.Of(item.Span), instance, isRepeated, Activity.Current?.Id, clock.GetUtcNow());
        await storage.Queues.GetQueueClient(StorageNames.WorkQueue).SendMessageAsync(
            BinaryData.FromBytes(CarriedItem.Write(message, item.Span)), timeToLive: TimeSpan.FromSeconds(-1), cancellationToken: cancellationToken);
    }
}
