using Curriculum.Work;
using GpuWorker.Items;
using GpuWorker.Telemetry;
using Microsoft.Extensions.Logging;

namespace GpuWorker.Worker;

/// <summary>Runs one computation on the compute thread and follows its heartbeats.</summary>
internal sealed class ItemComputation(
    ComputeThread thread, WorkerUse use, WorkerOptions options, WorkerExit exit, TimeProvider time, ILogger<ItemComputation> log)
{
    /// <summary>Computes the item.</summary>
    /// <remarks>The turn is left on the compute thread itself: what waits for it need not wait for whoever awaits this.</remarks>
    /// <exception cref="WorkFailedException">The item has no output.</exception>
    /// <exception cref="OperationCanceledException">The worker stops, or the computation is asked to yield.</exception>
    /// <exception cref="ComputeFaultException">Anything else that the computation threw.</exception>
    public async Task<ExecutionResult> RunAsync(WorkItem item, LoadedInputs inputs, ItemHeartbeat heartbeat, ItemTurns.ItemTurn turn, ShutdownTokens shutdown)
    {
        using var phase = ItemSpans.Phase(ItemSpans.Compute);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(shutdown.Requested);
        var yield = cancel.Token;
        var heartbeats = new Heartbeats(time);
        var computing = thread.RunAsync(executor =>
        {
            use.Begin(heartbeat.SentAt);
            try
            {
                return executor.Execute(item, inputs, heartbeats, yield);
            }
            catch (Exception fault) when (fault is not WorkFailedException && !(fault is OperationCanceledException && yield.IsCancellationRequested))
            {
                throw new ComputeFaultException(fault);
            }
            finally
            {
                use.End(item.Id);
                turn.Leave();
                heartbeats.Complete();
            }
        });

        try
        {
            while (await NextAsync(item, heartbeats, heartbeat, shutdown.Deadline))
            {
                while (heartbeats.Reader.TryRead(out var next))
                    await heartbeat.BeatAsync(next, shutdown.Deadline);
                if (heartbeat.Yield is not null)
                    await cancel.CancelAsync();
            }
        }
        catch
        {
            // Nothing else can be computed before this has ended.
            await cancel.CancelAsync();
            await ((Task)computing.WaitAsync(shutdown.Deadline)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        return await computing.WaitAsync(shutdown.Deadline);
    }

    /// <summary>Waits for a heartbeat or the end. A stall is logged, and ends the worker if it lasts; it never counts as progress.</summary>
    private async Task<bool> NextAsync(WorkItem item, Heartbeats heartbeats, ItemHeartbeat heartbeat, CancellationToken deadline)
    {
        var since = time.GetTimestamp();
        var next = heartbeats.Reader.WaitToReadAsync(deadline).AsTask();
        while (true)
        {
            try
            {
                return await next.WaitAsync(TimeSpan.FromSeconds(heartbeat.IsClaimed ? options.VisibilitySeconds : Math.Min(options.ClaimSeconds, options.VisibilitySeconds)), time, deadline);
            }
            catch (TimeoutException) when (!heartbeat.IsClaimed)
            {
                await heartbeat.ClaimAsync(deadline);
            }
            catch (TimeoutException)
            {
                var stalled = time.GetElapsedTime(since).TotalSeconds;
                log.Stalled(item.Id, stalled);
                if (options.StuckSeconds > 0 && stalled >= options.StuckSeconds)
                {
                    log.Stuck(item.Id, stalled, options.StuckSeconds);
                    exit.Request(WorkerExit.Stuck);
                }
            }
        }
    }
}

/// <summary>The computation threw something unexpected.</summary>
internal sealed class ComputeFaultException(Exception inner) : Exception(inner.Message, inner);
