using Curriculum.Work;
using GpuWorker.Execution;
using Microsoft.Extensions.Logging;

namespace GpuWorker.Worker;

/// <summary>Takes one delivered message from its result check to its deletion.</summary>
/// <remarks>
/// Every step can be repeated, so a crash between any two is mended by the next delivery. Every path ends in a stored result,
/// the message back on the queue, or the message set aside with its reason.
/// </remarks>
internal sealed class ItemProtocol(
    WorkerStorage storage, ResultStore results, RunControls controls, InputLoader inputs, ItemExecution execution, GiveBack giveBack,
    ComputeThread compute, WorkerOptions options, TimeProvider time, ILogger<ItemProtocol> log)
{
    private const string Canceled = "canceled";
    private const string Poison = "poison";

    public async Task HandleAsync(Delivery delivery, StopTokens stop)
    {
        if (!delivery.TryRead(out var message, out var unreadable))
        {
            log.Unreadable(unreadable);
            await delivery.NotePoisonAsync(null, unreadable, stop.Over);
            await delivery.DeleteAsync(stop.Over);
            return;
        }

        var claim = new ItemClaim(storage.Blob(StorageNames.WorkContainer, StorageNames.Claim(message.Id)), options.Name, time);
        try
        {
            await StepsAsync(delivery, message, claim, stop);
        }
        catch (ResultConflictException conflict)
        {
            log.SetAside(message.Id, conflict.Message);
            await delivery.NotePoisonAsync(message.Id, conflict.Message, stop.Over);
            await ConcludeAsync(delivery, message, stop);
        }
        catch (MisdirectedMessageException misdirected)
        {
            // Of the item that it names it says nothing: a result of its own would fail, or pass for, that of a healthy item.
            log.SetAside(message.Id, misdirected.Message);
            await delivery.NotePoisonAsync(message.Id, misdirected.Message, stop.Over);
            await delivery.DeleteAsync(stop.Over);
        }
        catch (Exception fault)
        {
            await giveBack.RunAsync(delivery, message, claim, fault, stop);
        }
    }

    private async Task StepsAsync(Delivery delivery, WorkMessage message, ItemClaim claim, StopTokens stop)
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
            var standing = await results.StoreAsync(message, result, stop.Over);
            log.Finished(standing);
            await ConcludeAsync(delivery, message, stop);
        }

        async Task PauseAsync()
        {
            log.Paused(message.Id, options.PauseSeconds);
            await delivery.PostponeAsync(TimeSpan.FromSeconds(options.PauseSeconds), stop.Over);
        }

        async Task YieldAsync(YieldReason? reason)
        {
            switch (reason)
            {
                case YieldReason.RunCanceled:
                    await FinishAsync(Result(null, new(Canceled, "The run was canceled while the item was computed.")));
                    break;
                case YieldReason.RunPaused:
                    // What was computed is let go; the item is a fixed batch and comes out alike when it is computed again.
                    await claim.ReleaseAsync(stop.Over);
                    await PauseAsync();
                    break;
                default:
                    log.StoredElsewhere(message.Id);
                    break;
            }
        }

        async Task SetAsideAsync(WorkFailure failure)
        {
            log.SetAside(message.Id, failure.Message);
            await delivery.NotePoisonAsync(message.Id, failure.Message, stop.Over);
            await FinishAsync(Result(null, failure));
        }

        if (await results.FindAsync(message, stop.Over) is not null)
        {
            log.AlreadyStored(message.Id);
            await ConcludeAsync(delivery, message, stop);
            return;
        }

        WorkItem item;
        try
        {
            item = await inputs.ReadItemAsync(message, stop.Over);
        }
        catch (WorkFailedException bad)
        {
            await SetAsideAsync(bad.ToFailure());
            return;
        }

        var earlier = delivery.Count > 1 ? await claim.ReadAsync(stop.Over) : null;
        if (delivery.Count > options.MaxDequeueCount)
        {
            await SetAsideAsync(new(Poison, PoisonReason(delivery, earlier)));
            return;
        }

        var control = await controls.ReadAsync(message.Id.Run, stop.Over);
        switch (control.Wish)
        {
            case RunWish.Cancel:
                await FinishAsync(Result(null, new(Canceled, $"The run was canceled before the item began: {control.Reason ?? "no reason given"}.")));
                return;
            case RunWish.Pause:
                await PauseAsync();
                return;
        }

        await claim.StartAsync(earlier, stop.Over);
        var watch = new ItemWatch(message, message.Id.Run, delivery, claim, controls, results, options, time, log);
        try
        {
            if (await execution.RunAsync(item, watch, stop) is { } output)
                await FinishAsync(Result(output, null));
            else
                await YieldAsync(watch.Yield);
        }
        catch (WorkFailedException failed)
        {
            await FinishAsync(Result(null, failed.ToFailure()));
        }
    }

    /// <summary>Reports, then deletes: the order in which a crash loses nothing.</summary>
    private static async Task ConcludeAsync(Delivery delivery, WorkMessage message, StopTokens stop)
    {
        await delivery.ReportAsync(message, stop.Over);
        await delivery.DeleteAsync(stop.Over);
    }

    private string PoisonReason(Delivery delivery, WorkClaim? claim) => claim switch
    {
        { LastError: { } error } => $"Delivered {delivery.Count - 1} times without a result; the last error: {error}",
        { } => $"Delivered {delivery.Count - 1} times without a result or an error; worker {claim.Worker} was last heard of at {claim.LastProgress:O}, "
            + "so its process probably died (too little memory?) or was stopped each time (an item too long for it?).",
        _ => $"Delivered {delivery.Count - 1} times (at most {options.MaxDequeueCount}) without so much as a claim.",
    };
}
