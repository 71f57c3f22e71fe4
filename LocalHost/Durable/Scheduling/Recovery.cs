using System.Collections.Concurrent;
using System.Text.Json;
using Azure.Storage.Blobs.Models;
using LocalHost.Durable.History;
using LocalHost.Durable.Storage;
using Microsoft.DurableTask.Client;

namespace LocalHost.Durable.Scheduling;

/// <summary>Brings a hub back as its blobs have it.</summary>
internal static class Recovery
{
    private const int AtOnce = 8;

    public static async Task<int> RunAsync(HubSession session)
    {
        var found = await ListAsync(session.Storage);
        var older = new ConcurrentBag<Found>();
        var live = new ConcurrentBag<(Instance Instance, IReadOnlyList<HistoryEvent> History)>();
        var cancellation = session.Storage.Lost;
        await Parallel.ForEachAsync(
            found.GroupBy(blob => blob.InstanceId),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
            async (generations, _) => await RestoreAsync(session, [.. generations.OrderBy(blob => blob.Generation)], live, older));

        // Only now, when every instance can be found by those that it has to do with.
        foreach (var (instance, history) in live)
            instance.Resume(history);
        foreach (var generation in older)
            session.Track(FinishAsync(session, generation));
        return live.Count(restored => !restored.Instance.State.HasEnded);
    }

    private static async Task RestoreAsync(
        HubSession session,
        List<Found> generations,
        ConcurrentBag<(Instance Instance, IReadOnlyList<HistoryEvent> History)> live,
        ConcurrentBag<Found> older)
    {
        for (var newest = generations.Count - 1; newest >= 0; newest--)
        {
            var blob = generations[newest];
            var instance = new Instance(session, blob.InstanceId, blob.Generation);
            if (blob.Ended is { } ended)
            {
                instance.RestoreEnded(ended);
            }
            else
            {
                if (await ReadAsync(session, instance) is not { } history)
                    return;
                if (history.Count == 0)
                {
                    // Its first turn was not written whole: nobody was told of it.
                    await session.Storage.DeleteAsync(blob.InstanceId, blob.Generation);
                    continue;
                }

                live.Add((instance, history));
            }

            session.Instances.Restore(instance);
            foreach (var generation in generations.Take(newest))
                older.Add(generation);
            return;
        }
    }

    private static async Task<IReadOnlyList<HistoryEvent>?> ReadAsync(HubSession session, Instance instance)
    {
        try
        {
            return await instance.RestoreAsync();
        }
        catch (JsonException exception)
        {
            session.Logger.Unreadable(instance.Id, exception);
            return null;
        }
    }

    // A generation that went on to the next one goes once the events it sent are where they belong.
    private static async Task FinishAsync(HubSession session, Found older)
    {
        if (older.Ended is null)
        {
            var (events, _) = await new HistoryBlob(session.Storage, older.InstanceId, older.Generation).ReadAsync();
            var delivered = events.OfType<EventDelivered>().Select(done => done.Id).ToHashSet();
            var execution = new InstanceState(older.InstanceId).Apply(events).Execution;
            foreach (var sent in events.OfType<EventSent>().Where(sent => !delivered.Contains(sent.Id)))
                await session.SendAsync(older.InstanceId, execution, sent);
        }

        await session.Storage.DeleteAsync(older.InstanceId, older.Generation);
    }

    private static async Task<List<Found>> ListAsync(HubStorage storage) =>
        await storage.WithPatienceAsync(async cancellation =>
        {
            var found = new List<Found>();
            await foreach (var blob in storage.Container.GetBlobsAsync(
                BlobTraits.Metadata, BlobStates.None, BlobNames.Histories, cancellation))
            {
                var (id, generation) = BlobNames.Parse(blob.Name);
                found.Add(new(id, generation, InstanceMetadata.Read(id, blob.Metadata)));
            }

            return found;
        });

    private sealed record Found(string InstanceId, int Generation, InstanceState? Ended);
}
