using Curriculum.Work;
using Microsoft.Extensions.Logging;

namespace GpuWorker.Worker;

/// <summary>Returns an item to the queue after something else than a result.</summary>
/// <remarks>
/// A stopping worker shows the message at once. Failing storage is not the item's fault and costs it no try. Any other error costs one,
/// and is kept in the claim for the day the tries are spent.
/// </remarks>
internal sealed class GiveBack(WorkerOptions options, ILogger<GiveBack> log)
{
    /// <summary>What each of the two last things of a stopping worker may take, beside <see cref="WorkerOptions.StopSeconds"/>.</summary>
    internal static readonly TimeSpan LastMoment = TimeSpan.FromSeconds(0.75);

    public async Task RunAsync(Delivery delivery, WorkMessage message, ItemClaim claim, Exception fault, StopTokens stop)
    {
        try
        {
            if (stop.Asked.IsCancellationRequested)
            {
                log.Released(message.Id, fault is OperationCanceledException ? "the worker stops" : fault.Message);
                if (!delivery.Held)
                    return;
                // The claim first: once the message shows, the claim is the next worker's.
                await BrieflyAsync(message, claim.ReleaseAsync);
                await BrieflyAsync(message, cancellationToken => delivery.HideAsync(TimeSpan.Zero, cancellationToken));
            }
            else if (StorageFault.IsTransient(fault))
            {
                log.PutOff(message.Id, options.RetrySeconds, fault.Message);
                await delivery.PostponeAsync(TimeSpan.FromSeconds(options.RetrySeconds), stop.Over);
            }
            else
            {
                log.TryFailed(message.Id, delivery.Count, options.MaxDequeueCount, fault);
                await claim.FailAsync(fault.Message, stop.Over);
                await delivery.HideAsync(TimeSpan.FromSeconds(options.RetrySeconds), stop.Over);
            }
        }
        catch (Exception unable) when (unable is OperationCanceledException || StorageFault.IsTransient(unable))
        {
            log.GiveBackFailed(message.Id, options.VisibilitySeconds, unable.Message);
        }
    }

    /// <summary>The stop may be over, so each last thing has a moment of its own, and the failing of one does not keep the next from being tried.</summary>
    private async Task BrieflyAsync(WorkMessage message, Func<CancellationToken, Task> act)
    {
        using var moment = new CancellationTokenSource(LastMoment);
        try
        {
            await act(moment.Token);
        }
        catch (Exception unable) when (unable is OperationCanceledException || StorageFault.IsTransient(unable))
        {
            log.GiveBackFailed(message.Id, options.VisibilitySeconds, unable.Message);
        }
    }
}
