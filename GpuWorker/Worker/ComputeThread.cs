using System.Collections.Concurrent;
using GpuWorker.Execution;

namespace GpuWorker.Worker;

/// <summary>The one thread on which the executor is made, used and disposed.</summary>
/// <remarks>Tensor libraries keep settings per thread. It is a background thread, so a computation that never yields does not keep the process alive.</remarks>
internal sealed class ComputeThread : IDisposable
{
    private readonly BlockingCollection<Action<IWorkExecutor>> _jobs = [];
    private readonly TaskCompletionSource<string> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Thread _thread;

    private ComputeThread(Func<IWorkExecutor> create)
    {
        _thread = new(() => Loop(create)) { IsBackground = true, Name = "compute" };
        _thread.Start();
    }

    /// <summary>The executor's numerics fingerprint.</summary>
    public string Fingerprint => _started.Task.Result;

    /// <summary>Starts the thread and makes the executor on it, whose failure is thrown here.</summary>
    public static async Task<ComputeThread> StartAsync(Func<IWorkExecutor> create)
    {
        var thread = new ComputeThread(create);
        await thread._started.Task;
        return thread;
    }

    public Task<T> RunAsync<T>(Func<IWorkExecutor, T> job)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        _jobs.Add(executor =>
        {
            try
            {
                done.SetResult(job(executor));
            }
            catch (Exception fault)
            {
                done.SetException(fault);
            }
        });
        return done.Task;
    }

    /// <summary>Ends the thread, and waits a moment for it.</summary>
    public void Dispose()
    {
        _jobs.CompleteAdding();
        if (_thread.Join(TimeSpan.FromSeconds(0.25)))
            _jobs.Dispose();
    }

    private void Loop(Func<IWorkExecutor> create)
    {
        IWorkExecutor executor;
        try
        {
            executor = create();
        }
        catch (Exception fault)
        {
            _started.SetException(fault);
            return;
        }

        using (executor)
        {
            _started.SetResult(executor.Fingerprint);
            foreach (var job in _jobs.GetConsumingEnumerable())
                job(executor);
        }
    }
}
