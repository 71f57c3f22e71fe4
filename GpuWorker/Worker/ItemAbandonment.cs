using Curriculum.Work;
using Microsoft.Extensions.Logging;

namespace GpuWorker.Worker;

/// <summary>Returns an item to the queue when it ended without a result.</summary>
/// <remarks>
/// A worker that shuts down makes the message visible at once. A storage fault is not the item's and costs it no attempt. Any other error costs one
/// and is kept in the claim, to be named once the attempts are used up.
/// </remarks>
internal sealed class ItemAbandonment(WorkerOptions options, ILogger<ItemAbandonment> log)
{
    /// <summary>How long each of the two last calls of a worker that shuts down may take, beyond <see cref="WorkerOptions.StopSeconds"/>.</summary>
    internal static readonly TimeSpan FinalGrace = TimeSpan.FromSeconds(0.75);

    public async Task RunAsync(Delivery delivery, WorkMessage message, ItemClaim claim, Exception fault, ShutdownTokens shutdown)
    {
        try
        {
            if (shutdown.Requested.IsCancellationRequested)
            {
                log.Abandoned(message.Id, fault is OperationCanceledException ? "the worker is shutting down" : fault.Message);
                if (!delivery.Held)
                    return;
                // The claim first: once the message is visible, the claim belongs to the next worker.
                await WithFinalGraceAsync(message, claim.ReleaseAsync);
                await WithFinalGraceAsync(message, cancellationToken => delivery.AbandonAsync(TimeSpan.Zero, cancellationToken));
            }
            else if (StorageFault.IsTransient(fault))
            {
                log.Deferred(message.Id, options.RetrySeconds, fault.Message);
                await delivery.DeferAsync(TimeSpan.FromSeconds(options.RetrySeconds), shutdown.Deadline);
            }
            else
            {
                log.AttemptFailed(message.Id, delivery.Count, options.MaxDequeueCount, fault);
                await claim.FailAsync(fault.Message, shutdown.Deadline);
                await delivery.AbandonAsync(TimeSpan.FromSeconds(options.RetrySeconds), shutdown.Deadline);
            }
        }
        catch (Exception unable) when (unable is OperationCanceledException || StorageFault.IsTransient(unable))
        {
            log.AbandonFailed(message.Id, options.VisibilitySeconds, unable.Message);
        }
    }

    /// <summary>The deadline may have passed, so each last call has a grace of its own, and a failure of one does not prevent the next.</summary>
    private async Task WithFinalGraceAsync(WorkMessage message, Func<CancellationToken, Task> call)
    {
        using var grace = new CancellationTokenSource(FinalGrace);
        try
        {
            await call(grace.Token);
        }
        catch (Exception unable) when (unable is OperationCanceledException || StorageFault.IsTransient(unable))
        {
            log.AbandonFailed(message.Id, options.VisibilitySeconds, unable.Message);
        }
    }
}
