using Curriculum.Work;
using GpuWorker.Telemetry;
using Microsoft.Extensions.Logging;

namespace GpuWorker.Worker;

/// <summary>Why a computation should stop early.</summary>
internal enum YieldReason
{
    RunCanceled,

    RunPaused,

    /// <summary>The message went to another worker, whose result is stored.</summary>
    StoredElsewhere,

    /// <summary>Another item of this worker computes for longer than was expected.</summary>
    Busy,
}

/// <summary>What a heartbeat does: extends the message's visibility, writes the claim and reads the run's control, each at most so often.</summary>
/// <remarks>
/// Only heartbeats do this, never a timer, so a computation that hangs loses its message. One that still makes progress goes on after losing it,
/// since either worker's result will do, until the other's is stored.
/// </remarks>
internal sealed class ItemHeartbeat(
    WorkMessage message, string run, Delivery delivery, ItemClaim claim, RunControls controls, ResultStore results,
    WorkerOptions options, TimeProvider time, ILogger log)
{
    private readonly TimeSpan _visibility = TimeSpan.FromSeconds(options.VisibilitySeconds);
    private long _renewed = time.GetTimestamp();
    private long _claimed = time.GetTimestamp();
    private long _controlRead = time.GetTimestamp();

    /// <summary>When the item was sent; null where that is not known.</summary>
    public DateTimeOffset? SentAt => message.SentAt;

    /// <summary>Set once the computation should stop.</summary>
    public YieldReason? Yield { get; private set; }

    /// <summary>Whether people can see that the item is computed.</summary>
    public bool IsClaimed => claim.IsWritten;

    /// <summary>Says that the item is computed, without progress so far.</summary>
    public Task ClaimAsync(CancellationToken cancellationToken) => TryAsync(() => claim.WriteAsync(cancellationToken), cancellationToken);

    /// <summary>Has the item go back to the queue: its turn did not come.</summary>
    public void GiveWay() => Yield = YieldReason.Busy;

    /// <summary>Counts reading or writing a blob as progress.</summary>
    public Task BeatAsync(double share, CancellationToken cancellationToken) => BeatAsync(new Heartbeat(share, time.GetUtcNow()), cancellationToken);

    public Task BeatAsync(Heartbeat heartbeat, CancellationToken cancellationToken) => TryAsync(
        async () =>
        {
            if (delivery.Held && IsDue(ref _renewed, _visibility / 10))
            {
                await delivery.ExtendVisibilityAsync(_visibility, cancellationToken);
                if (!delivery.Held)
                    log.LeaseLost(message.Id);
            }

            if (IsDue(ref _claimed, TimeSpan.FromSeconds(options.ClaimSeconds)))
                await claim.BeatAsync(heartbeat, cancellationToken);
            if (IsDue(ref _controlRead, TimeSpan.FromSeconds(options.ControlSeconds)))
                await ReadControlAsync(cancellationToken);
        },
        cancellationToken);

    private async Task TryAsync(Func<Task> write, CancellationToken cancellationToken)
    {
        try
        {
            await write();
            WorkerMeasurements.Beat(taken: true);
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested && (StorageFault.IsTransient(fault) || fault is InvalidDataException))
        {
            WorkerMeasurements.Beat(taken: false);
            log.HeartbeatFailed(message.Id, fault.Message);
        }
    }

    private async Task ReadControlAsync(CancellationToken cancellationToken)
    {
        Yield = (await controls.ReadAsync(run, cancellationToken)).DesiredState switch
        {
            DesiredState.Cancel => YieldReason.RunCanceled,
            DesiredState.Pause => YieldReason.RunPaused,
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
