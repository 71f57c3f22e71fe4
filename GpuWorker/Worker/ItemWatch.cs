using Curriculum.Work;
using Microsoft.Extensions.Logging;

namespace GpuWorker.Worker;

/// <summary>Why a computation is to stop before its end.</summary>
internal enum YieldReason
{
    RunCanceled,

    RunPaused,

    /// <summary>The message went to another worker, whose result is stored.</summary>
    StoredElsewhere,
}

/// <summary>What follows from a mark of progress: the message is renewed, the claim written, the run's control read; each at most so often.</summary>
/// <remarks>
/// Only marks do this, never a timer: a computation that hangs loses its message. Losing it does not stop a computation that moves,
/// as either worker's result will do, until the other's is stored.
/// </remarks>
internal sealed class ItemWatch(
    WorkMessage message, string run, Delivery delivery, ItemClaim claim, RunControls controls, ResultStore results,
    WorkerOptions options, TimeProvider time, ILogger log)
{
    private readonly TimeSpan _visibility = TimeSpan.FromSeconds(options.VisibilitySeconds);
    private long _renewed = time.GetTimestamp();
    private long _claimed = time.GetTimestamp();
    private long _looked = time.GetTimestamp();

    /// <summary>Set once the computation is to stop.</summary>
    public YieldReason? Yield { get; private set; }

    /// <summary>Counts reading or writing a blob as progress.</summary>
    public Task MarkAsync(double share, CancellationToken cancellationToken) => MarkAsync(new ProgressMark(share, time.GetUtcNow()), cancellationToken);

    public async Task MarkAsync(ProgressMark mark, CancellationToken cancellationToken)
    {
        try
        {
            if (delivery.Held && IsDue(ref _renewed, _visibility / 10))
            {
                await delivery.HideAsync(_visibility, cancellationToken);
                if (!delivery.Held)
                    log.MessageLost(message.Id);
            }

            if (IsDue(ref _claimed, TimeSpan.FromSeconds(options.ClaimSeconds)))
                await claim.MarkAsync(mark, cancellationToken);
            if (IsDue(ref _looked, TimeSpan.FromSeconds(options.ControlSeconds)))
                await LookAsync(cancellationToken);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested && (StorageFault.IsTransient(fault) || fault is InvalidDataException))
        {
            log.MarkFailed(message.Id, fault.Message);
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        Yield = (await controls.ReadAsync(run, cancellationToken)).Wish switch
        {
            RunWish.Cancel => YieldReason.RunCanceled,
            RunWish.Pause => YieldReason.RunPaused,
            _ => Yield,
        };
        if (!delivery.Held && await results.ExistsAsync(message, cancellationToken))
            Yield = YieldReason.StoredElsewhere;
    }

    private bool IsDue(ref long since, TimeSpan gap)
    {
        if (time.GetElapsedTime(since) < gap)
            return false;
        since = time.GetTimestamp();
        return true;
    }
}
