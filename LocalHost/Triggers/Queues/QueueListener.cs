using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using LocalHost.Durable.Storage;
using LocalHost.Hosting;
using Microsoft.Extensions.Logging;

namespace LocalHost.Triggers.Queues;

/// <summary>Polls a queue and runs its function on each message, a batch at a time and the batch in parallel.</summary>
internal sealed class QueueListener(QueueClient queue, QueueMessageRun run, QueueSettings settings, TimeProvider time, ILogger logger)
    : ITriggerListener
{
    private readonly HashSet<Task> _running = [];

    public async Task RunAsync(CancellationToken stopping, CancellationToken aborting)
    {
        var delay = settings.MinPollingInterval;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var messages = await ReceiveAsync(stopping);
                delay = messages.Length > 0 ? settings.MinPollingInterval : Longer(delay);
                _running.UnionWith(messages.Select(m => run.RunAsync(m, aborting)));
                await (messages.Length > 0 ? RoomAsync(stopping) : PauseAsync(delay, stopping));
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                break;
            }
            catch (Exception e) when (StorageFailure.Is(e, stopping))
            {
                delay = settings.MaxPollingInterval;
                logger.QueueUnreadable(e, queue.Name, delay);
                await PauseAsync(delay, stopping);
            }
        }

        await Task.WhenAll(_running);
    }

    private async Task<QueueMessage[]> ReceiveAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await queue.ReceiveMessagesAsync(settings.BatchSize, settings.Lease, cancellationToken);
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            await queue.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
            return [];
        }
    }

    /// <summary>Waits until few enough messages are being worked on for the next batch.</summary>
    private async Task RoomAsync(CancellationToken stopping)
    {
        _running.RemoveWhere(t => t.IsCompleted);
        while (_running.Count > settings.NewBatchThreshold)
        {
            await Task.WhenAny(_running).WaitAsync(stopping);
            _running.RemoveWhere(t => t.IsCompleted);
        }
    }

    private TimeSpan Longer(TimeSpan delay) =>
        delay * 2 < settings.MaxPollingInterval ? delay * 2 : settings.MaxPollingInterval;

    private async Task PauseAsync(TimeSpan delay, CancellationToken stopping) =>
        await Task.Delay(delay, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
