using Azure;
using Curriculum.Telemetry;
using Curriculum.Work;
using Orchestrations.Storage;
using Orchestrations.Telemetry;

namespace Orchestrations.Watching;

/// <summary>Measures the queues now and then, while somebody reads what is measured.</summary>
public sealed class QueueMeasurements(DataStorage storage, TimeProvider clock)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(15);

    private long _last;

    public async Task TakeAsync(CancellationToken cancellationToken)
    {
        if (!AppMeasurements.QueueDepth.Enabled || (_last != 0 && clock.GetElapsedTime(_last) < Every))
            return;
        _last = clock.GetTimestamp();
        foreach (var name in StorageNames.Queues)
        {
            var (depth, age) = await MeasureAsync(name, cancellationToken);
            var queue = KeyValuePair.Create<string, object?>(SignalTags.Queue, name);
            AppMeasurements.QueueDepth.Record(depth, queue);
            AppMeasurements.QueueAge.Record(age, queue);
        }
    }

    /// <summary>By the storage's clock.</summary>
    private async Task<(int Depth, double Age)> MeasureAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            var queue = storage.Queues.GetQueueClient(name);
            var depth = (await queue.GetPropertiesAsync(cancellationToken)).Value.ApproximateMessagesCount;
            if (depth == 0)
                return (0, 0);
            var front = await queue.PeekMessagesAsync(1, cancellationToken);
            var age = front.Value is [var first, ..] ? front.GetRawResponse().Headers.Date - first.InsertedOn : null;
            return (depth, Math.Max(0, age?.TotalSeconds ?? 0));
        }
        catch (RequestFailedException failure) when (failure.Status == 404)
        {
            return (0, 0);
        }
    }
}
