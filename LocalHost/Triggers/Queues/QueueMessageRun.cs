using System.Text.Json;
using Azure;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using LocalHost.Hosting;
using Microsoft.Extensions.Logging;

namespace LocalHost.Triggers.Queues;

/// <summary>One message: kept hidden while its function runs, then deleted, shown again for another try, or moved to the poison queue.</summary>
internal sealed class QueueMessageRun(
    FoundFunction function, FunctionInvoker invoker, QueueClient queue, QueueClient poison, QueueSettings settings, JsonSerializerOptions json, TimeProvider time, ILogger logger)
{
    /// <summary>Never fails: what goes wrong is logged, and the message comes back by itself.</summary>
    public async Task RunAsync(QueueMessage message, CancellationToken aborting)
    {
        try
        {
            await HandleAsync(message, aborting);
        }
        catch (RequestFailedException e) when (e.Status is 404 or 400)
        {
            // Its receipt is no longer good: it was not renewed in time, and somebody else has it.
            logger.MessageLost(message.MessageId, queue.Name);
        }
        catch (Exception e)
        {
            logger.FunctionFailed(e, function.Name);
        }
    }

    private async Task HandleAsync(QueueMessage message, CancellationToken aborting)
    {
        if (message.DequeueCount > settings.MaxDequeueCount)
        {
            await MoveAsync(message, message.PopReceipt, message.DequeueCount - 1);
            return;
        }

        var decoded = settings.Base64 ? QueueBinding.Decode(message) : message;
        if (decoded is null)
        {
            await poison.CreateIfNotExistsAsync(cancellationToken: CancellationToken.None);
            await CopyAndDeleteAsync(message, message.PopReceipt);
            logger.NotBase64(message.MessageId, queue.Name, poison.Name);
            return;
        }

        using var lease = new MessageLease(queue, message, settings.Lease, time);
        var succeeded = await RunFunctionAsync(decoded, aborting);
        var receipt = await lease.EndAsync();
        if (succeeded)
            await queue.DeleteMessageAsync(message.MessageId, receipt, CancellationToken.None);
        else if (message.DequeueCount >= settings.MaxDequeueCount)
            await MoveAsync(message, receipt, message.DequeueCount);
        else
            await queue.UpdateMessageAsync(message.MessageId, receipt, visibilityTimeout: settings.VisibilityTimeout, cancellationToken: CancellationToken.None);
    }

    private async Task<bool> RunFunctionAsync(QueueMessage decoded, CancellationToken aborting)
    {
        try
        {
            await invoker.InvokeAsync(
                function,
                p => p == function.TriggerParameter ? QueueBinding.Bind(p, decoded, json) : p.DefaultValue,
                cancellationToken: aborting);
            return true;
        }
        catch (Exception e)
        {
            logger.FunctionFailed(e, function.Name);
            return false;
        }
    }

    private async Task MoveAsync(QueueMessage message, string receipt, long tries)
    {
        await poison.CreateIfNotExistsAsync(cancellationToken: CancellationToken.None);
        await CopyAndDeleteAsync(message, receipt);
        logger.MovedToPoison(message.MessageId, queue.Name, tries, poison.Name);
    }

    /// <summary>The copy first: a message may be there twice, but never nowhere.</summary>
    private async Task CopyAndDeleteAsync(QueueMessage message, string receipt)
    {
        await poison.SendMessageAsync(message.Body, timeToLive: TimeSpan.FromSeconds(-1), cancellationToken: CancellationToken.None);
        await queue.DeleteMessageAsync(message.MessageId, receipt, CancellationToken.None);
    }
}
