using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using LocalHost.Durable.Storage;

namespace LocalHost.Triggers.Queues;

/// <summary>Keeps a message hidden until it is ended, by renewing its visibility at each third of its term.</summary>
internal sealed class MessageLease : IDisposable
{
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _renewing;
    private string _receipt;

    public MessageLease(QueueClient queue, QueueMessage message, TimeSpan term, TimeProvider time)
    {
        _receipt = message.PopReceipt;
        _renewing = RenewAsync(queue, message.MessageId, term, time);
    }

    /// <summary>Stops renewing; gives the receipt that the message now answers to.</summary>
    public async Task<string> EndAsync()
    {
        await _ended.CancelAsync();
        await _renewing;
        return _receipt;
    }

    public void Dispose() => _ended.Dispose();

    private async Task RenewAsync(QueueClient queue, string id, TimeSpan term, TimeProvider time)
    {
        while (true)
        {
            await Task.Delay(term / 3, time, _ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_ended.IsCancellationRequested)
                return;
            try
            {
                // Not cancelled by the end: an update that was sent may have happened, and only its answer has the new receipt.
                var update = await queue.UpdateMessageAsync(id, _receipt, visibilityTimeout: term, cancellationToken: CancellationToken.None);
                _receipt = update.Value.PopReceipt;
            }
            catch (RequestFailedException e) when (e.Status is 404 or 400)
            {
                // The message is somebody else's by now; deleting it will say so.
                return;
            }
            catch (Exception e) when (StorageFailure.Is(e))
            {
                // Two more tries fit into the term.
            }
        }
    }
}
