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
    WorkerStorage storage, ResultStore results, RunControls controls, InputLoader inputs, StateWriter states, ItemComputation computation,
    ComputeThread compute, WorkerOptions options, TimeProvider time, ILogger<ItemProtocol> log)
{
    private const string Canceled = "canceled";
    private const string Poison = "poison";

    public async Task HandleAsync(Delivery delivery, StopTokens stop)
    {
        if (!delivery.TryRead(out var message, out var id, out var unreadable))
        {
            log.SetAside("an unreadable message", unreadable);
            await delivery.NotePoisonAsync(null, unreadable, stop.Over);
            await delivery.DeleteAsync(stop.Over);
            return;
        }

        var claim = new ItemClaim(storage.Blob(StorageNames.WorkContainer, StorageNames.Claim(message.Id)), options.Name, time);
        try
        {
            await StepsAsync(delivery, message, id, claim, stop);
        }
        catch (ResultConflictException conflict)
        {
            log.SetAside(message.Id, conflict.Message);
            await delivery.NotePoisonAsync(message.Id, conflict.Message, stop.Over);
            await ConcludeAsync(delivery, message, stop);
        }
        catch (Exception fault)
        {
            await GiveBackAsync(delivery, message, claim, fault, stop);
        }
    }

    private async Task StepsAsync(Delivery delivery, WorkMessage message, WorkItemId id, ItemClaim claim, StopTokens stop)
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

        var earlier = delivery.Count > 1 ? await claim.ReadAsync(stop.Over) : null;
        if (delivery.Count > options.MaxDequeueCount)
        {
            await SetAsideAsync(new(Poison, PoisonReason(delivery, earlier)));
            return;
        }

        var control = await controls.ReadAsync(id.Run, stop.Over);
        switch (control.Wish)
        {
            case RunWish.Cancel:
                await FinishAsync(Result(null, new(Canceled, $"The run was canceled before the item began: {control.Reason ?? "no reason given"}.")));
                return;
            case RunWish.Pause:
                log.Paused(message.Id, options.PauseSeconds);
                await delivery.PostponeAsync(TimeSpan.FromSeconds(options.PauseSeconds), stop.Over);
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

        await claim.StartAsync(earlier, stop.Over);
        var watch = new ItemWatch(message, id.Run, delivery, claim, controls, results, options, time, log);
        try
        {
            if (await ComputeAsync(item, watch, stop) is { } output)
                await FinishAsync(Result(output, null));
            else if (watch.Yield == YieldReason.RunCanceled)
                await FinishAsync(Result(null, new(Canceled, "The run was canceled while the item was computed.")));
            else
                log.StoredElsewhere(message.Id);
        }
        catch (WorkFailedException failed)
        {
            await FinishAsync(Result(null, failed.ToFailure()));
        }
    }

    /// <summary>The item's output, its state stored; null where the watch wanted the computation to yield.</summary>
    private async Task<WorkOutput?> ComputeAsync(WorkItem item, ItemWatch watch, StopTokens stop)
    {
        try
        {
            var loaded = await inputs.LoadAsync(item, () => watch.MarkAsync(0, stop.Over), stop.Asked);
            if (watch.Yield is not null)
                return null;
            return await computation.RunAsync(item, loaded, watch, stop) switch
            {
                ComputedOutput computed => computed.Output,
                ComputedState state => state.ToOutput(
                    await states.WriteAsync(OutputFolder(item), state.Parts, () => watch.MarkAsync(1, stop.Over), stop.Over)),
                var other => throw new InvalidOperationException($"Expected an output or a state, the executor gave {other.GetType().Name}."),
            };
        }
        catch (OperationCanceledException) when (watch.Yield is not null)
        {
            return null;
        }
    }

    private static string OutputFolder(WorkItem item) => item switch
    {
        UpdateItem update => update.OutputFolder,
        PretrainItem pretrain => pretrain.OutputFolder,
        _ => throw new InvalidOperationException($"Expected no state of {item.GetType().Name} {item.Id}, the executor gave one."),
    };

    /// <summary>Reports, then deletes: the order in which a crash loses nothing.</summary>
    private static async Task ConcludeAsync(Delivery delivery, WorkMessage message, StopTokens stop)
    {
        await delivery.ReportAsync(message, stop.Over);
        await delivery.DeleteAsync(stop.Over);
    }

    private async Task GiveBackAsync(Delivery delivery, WorkMessage message, ItemClaim claim, Exception fault, StopTokens stop)
    {
        // The stop may be over, so what is left to do has a second and a half of its own.
        using var last = new CancellationTokenSource(TimeSpan.FromSeconds(1.5));
        try
        {
            if (stop.Asked.IsCancellationRequested)
            {
                log.Released(message.Id, fault is OperationCanceledException ? "the worker stops" : fault.Message);
                if (!delivery.Held)
                    return;
                // The claim first: once the message shows, the claim is the next worker's.
                await claim.ReleaseAsync(last.Token);
                await delivery.HideAsync(TimeSpan.Zero, last.Token);
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

    private string PoisonReason(Delivery delivery, WorkClaim? claim) => claim switch
    {
        { LastError: { } error } => $"Delivered {delivery.Count - 1} times without a result; the last error: {error}",
        { } => $"Delivered {delivery.Count - 1} times without a result or an error; worker {claim.Worker} was last heard of at {claim.LastProgress:O}, "
            + "so its process probably died (too little memory?) or was stopped each time (an item too long for it?).",
        _ => $"Delivered {delivery.Count - 1} times (at most {options.MaxDequeueCount}) without so much as a claim.",
    };
}
