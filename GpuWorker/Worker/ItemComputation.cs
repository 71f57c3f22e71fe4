using Curriculum.Work;
using GpuWorker.Execution;
using Microsoft.Extensions.Logging;

namespace GpuWorker.Worker;

/// <summary>Runs one computation on the compute thread and watches it.</summary>
internal sealed class ItemComputation(
    ComputeThread thread, WorkerOptions options, WorkerExit exit, TimeProvider time, ILogger<ItemComputation> log)
{
    /// <summary>Computes the item.</summary>
    /// <exception cref="WorkFailedException">The item has no output.</exception>
    /// <exception cref="OperationCanceledException">The worker stops, or the watch wants the computation to yield.</exception>
    /// <exception cref="ComputeFaultException">Anything else that the computation threw.</exception>
    public async Task<ExecutionResult> RunAsync(WorkItem item, LoadedInputs inputs, ItemWatch watch, StopTokens stop)
    {
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(stop.Asked);
        var yield = cancel.Token;
        var marks = new ProgressMarks(time);
        var computing = thread.RunAsync(executor =>
        {
            try
            {
                return executor.Execute(item, inputs, marks, yield);
            }
            catch (Exception fault) when (fault is not WorkFailedException && !(fault is OperationCanceledException && yield.IsCancellationRequested))
            {
                throw new ComputeFaultException(fault);
            }
            finally
            {
                marks.Complete();
            }
        });

        try
        {
            while (await NextAsync(item, marks, stop.Over))
            {
                while (marks.Reader.TryRead(out var mark))
                    await watch.MarkAsync(mark, stop.Over);
                if (watch.Yield is not null)
                    await cancel.CancelAsync();
            }
        }
        catch
        {
            // Nothing else can be computed before this has ended.
            await cancel.CancelAsync();
            await ((Task)computing.WaitAsync(stop.Over)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }

        return await computing.WaitAsync(stop.Over);
    }

    /// <summary>Waits for a mark or the end. Silence is told, and where it lasts, ends the worker; it is never taken for progress.</summary>
    private async Task<bool> NextAsync(WorkItem item, ProgressMarks marks, CancellationToken over)
    {
        var since = time.GetTimestamp();
        var next = marks.Reader.WaitToReadAsync(over).AsTask();
        while (true)
        {
            try
            {
                return await next.WaitAsync(TimeSpan.FromSeconds(options.VisibilitySeconds), time, over);
            }
            catch (TimeoutException)
            {
                var silent = time.GetElapsedTime(since).TotalSeconds;
                log.Silent(item.Id, silent);
                if (options.StuckSeconds > 0 && silent >= options.StuckSeconds)
                {
                    log.Stuck(item.Id, silent, options.StuckSeconds);
                    exit.Ask(WorkerExit.Stuck);
                }
            }
        }
    }
}

/// <summary>The computation threw what it does not promise to throw.</summary>
internal sealed class ComputeFaultException(Exception inner) : Exception(inner.Message, inner);
