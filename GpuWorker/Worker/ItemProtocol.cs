using System.Diagnostics;
using Curriculum.Telemetry;
using Curriculum.Work;
using GpuWorker.Items;
using GpuWorker.Telemetry;
using Microsoft.Extensions.Logging;

namespace GpuWorker.Worker;

/// <summary>Handles one delivered message, from the check for a stored result to the deletion.</summary>
/// <remarks>
/// Every step is idempotent, so the next delivery makes up for a crash between any two. Every path ends in a stored result,
/// the message back on the queue, or the message dead-lettered with its reason.
/// </remarks>
internal sealed class ItemProtocol(
    WorkerStorage storage, ResultStore results, RunControls controls, InputLoader inputs, ItemExecution execution, ItemAbandonment abandonment, ItemLogs logs,
    ComputeThread compute, WorkerOptions options, TimeProvider time, ILogger<ItemProtocol> log)
{
    private const string Canceled = "canceled";
    private const string Poison = "poison";

    public async Task HandleAsync(Delivery delivery, ItemTurns.ItemTurn turn, ShutdownTokens shutdown)
    {
        if (!delivery.TryRead(out var message, out var unreadable))
        {
            log.UnreadableMessage(unreadable);
            await delivery.DeadLetterAsync(null, unreadable, shutdown.Deadline);
            await delivery.DeleteAsync(shutdown.Deadline);
            return;
        }

        using var span = ItemSpans.Start(message, delivery.Count);
        using var scope = log.BeginScope(SignalTags.Of(message.Id));
        if (delivery.Count > 1)
            WorkerMeasurements.DeliveredAgain();
        var lines = ItemLines.Begin();
        try
        {
            await HandleAsync(delivery, message, turn, shutdown);
        }
        finally
        {
            await logs.StoreAsync(lines, message, delivery, shutdown);
        }
    }

    private async Task HandleAsync(Delivery delivery, WorkMessage message, ItemTurns.ItemTurn turn, ShutdownTokens shutdown)
    {
        var claim = new ItemClaim(storage.Blob(StorageNames.WorkContainer, StorageNames.Claim(message.Id)), options.Name, time);
        try
        {
            await ProcessAsync(delivery, message, claim, turn, shutdown);
        }
        catch (ResultConflictException conflict)
        {
            log.DeadLettered(message.Id, conflict.Message);
            await delivery.DeadLetterAsync(message, conflict.Message, shutdown.Deadline);
            await ConcludeAsync(delivery, message, shutdown);
        }
        catch (MisdirectedMessageException misdirected)
        {
            // Of the item that it names it says nothing: a result of its own would fail, or pass for, that of a healthy item.
            log.DeadLettered(message.Id, misdirected.Message);
            await delivery.DeadLetterAsync(message, misdirected.Message, shutdown.Deadline);
            await delivery.DeleteAsync(shutdown.Deadline);
        }
        catch (Exception fault)
        {
            Activity.Current.Fail(fault.Message);
            await abandonment.RunAsync(delivery, message, claim, fault, shutdown);
        }
    }

    private async Task ProcessAsync(Delivery delivery, WorkMessage message, ItemClaim claim, ItemTurns.ItemTurn turn, ShutdownTokens shutdown)
    {
        var started = time.GetUtcNow();
        var clock = time.GetTimestamp();
        WorkResult Result(WorkOutput? output, WorkFailure? failure) => new()
        {
            Id = message.Id,
            InputHash = message.InputHash,
            Output = output,
            Failure = failure,
            Fingerprint = compute.Fingerprint,
            Timing = new(options.Name, started, time.GetElapsedTime(clock).TotalSeconds),
        };

        async Task FinishAsync(WorkResult result)
        {
            WorkResult standing;
            using (ItemSpans.Phase(ItemSpans.StoreResult))
                standing = await results.StoreAsync(message, result, shutdown.Deadline);
            log.Finished(standing);
            WorkerMeasurements.Finished(standing);
            Activity.Current.Finish(standing);
            // A cancellation ends many items at once, and says why itself.
            if (standing.Failure is { Kind: Canceled })
                ItemLines.Current?.Forget();
            await ConcludeAsync(delivery, message, shutdown);
        }

        async Task PauseAsync()
        {
            log.Paused(message.Id, options.PauseSeconds);
            await delivery.DeferAsync(TimeSpan.FromSeconds(options.PauseSeconds), shutdown.Deadline);
        }

        async Task YieldAsync(YieldReason? reason)
        {
            switch (reason)
            {
                case YieldReason.RunCanceled:
                    await FinishAsync(Result(null, new(Canceled, "The run was canceled while the item was being computed.")));
                    break;
                case YieldReason.RunPaused:
                    // The partial computation is discarded; the item is a fixed batch and gives the same result when it is computed again.
                    await claim.ReleaseAsync(shutdown.Deadline);
                    await PauseAsync();
                    break;
                case YieldReason.Busy:
                    log.GaveWay(message.Id);
                    await claim.ReleaseAsync(shutdown.Deadline);
                    await delivery.DeferAsync(TimeSpan.Zero, shutdown.Deadline);
                    break;
                default:
                    log.StoredElsewhere(message.Id);
                    break;
            }
        }

        async Task DeadLetterAsync(WorkFailure failure)
        {
            log.DeadLettered(message.Id, failure.Message);
            await delivery.DeadLetterAsync(message, failure.Message, shutdown.Deadline);
            await FinishAsync(Result(null, failure));
        }

        // An item that is sent and delivered for the first time has no result, or one that stands when another is to be stored.
        if ((message.IsRepeated || delivery.Count > 1) && await results.FindAsync(message, shutdown.Deadline) is not null)
        {
            log.AlreadyStored(message.Id);
            await ConcludeAsync(delivery, message, shutdown);
            return;
        }

        WorkItem item;
        try
        {
            item = await inputs.ReadItemAsync(message, shutdown.Deadline);
        }
        catch (WorkFailedException bad)
        {
            await DeadLetterAsync(bad.ToFailure());
            return;
        }

        var earlier = delivery.Count > 1 ? await claim.ReadAsync(shutdown.Deadline) : null;
        if (delivery.Count > options.MaxDequeueCount)
        {
            await DeadLetterAsync(new(Poison, PoisonReason(delivery, earlier)));
            return;
        }

        var control = await controls.ReadAsync(message.Id.Run, shutdown.Deadline);
        switch (control.DesiredState)
        {
            case DesiredState.Cancel:
                await FinishAsync(Result(null, new(Canceled, $"The run was canceled before the item started: {control.Reason ?? "no reason given"}.")));
                return;
            case DesiredState.Pause:
                await PauseAsync();
                return;
        }

        await claim.StartAsync(earlier, write: delivery.Count > 1 || options.ClaimSeconds <= 0, shutdown.Deadline);
        var heartbeat = new ItemHeartbeat(message, message.Id.Run, delivery, claim, controls, results, options, time, log);
        try
        {
            if (await execution.RunAsync(item, heartbeat, turn, shutdown) is { } output)
                await FinishAsync(Result(output, null));
            else
                await YieldAsync(heartbeat.Yield);
        }
        catch (WorkFailedException failed)
        {
            await FinishAsync(Result(null, failed.ToFailure()));
        }
    }

    /// <summary>Reports, then deletes: in this order a crash loses nothing.</summary>
    private static async Task ConcludeAsync(Delivery delivery, WorkMessage message, ShutdownTokens shutdown)
    {
        var span = Activity.Current?.Id;
        using var phase = ItemSpans.Phase(ItemSpans.Report);
        await delivery.ReportAsync(message, span, shutdown.Deadline);
        await delivery.DeleteAsync(shutdown.Deadline);
    }

    private string PoisonReason(Delivery delivery, WorkClaim? claim) => claim switch
    {
        { LastError: { } error } => $"Delivered {delivery.Count - 1} times without a result; the last error: {error}",
        { } => $"Delivered {delivery.Count - 1} times without a result or an error; the last heartbeat of worker {claim.Worker} was at {claim.LastProgress:O}, "
            + "so its process probably died (out of memory?) or was stopped each time (is the item too long for it?).",
        _ => $"Delivered {delivery.Count - 1} times (at most {options.MaxDequeueCount}) without even a claim.",
    };
}
