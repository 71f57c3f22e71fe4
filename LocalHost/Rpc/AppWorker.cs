namespace LocalHost.Rpc;

/// <summary>The app's process for as long as this host runs: started, started again after growing pauses where it ended by itself, and asked to end at last.</summary>
internal sealed partial class AppWorker(string appFolder, IReadOnlyDictionary<string, string> settings, WorkerStreams streams, ILoggerFactory logs) : IAsyncDisposable
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    /// <summary>A process that has run for so long ended for a new reason: pauses begin anew.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly ILogger _log = logs.CreateLogger("Host.Worker");
    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _changing = new();
    private TaskCompletionSource<WorkerLink> _current = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WorkerProcess? _process;
    private Task _watching = Task.CompletedTask;

    /// <summary>Whether a process is there and has loaded its functions.</summary>
    public bool IsReady => _current.Task.IsCompletedSuccessfully;

    /// <summary>Starts the process and returns its functions.</summary>
    /// <exception cref="HostException">It ended, or did not answer.</exception>
    public async Task<IReadOnlyList<WorkerFunction>> StartAsync(Uri rpc, CancellationToken cancellationToken)
    {
        var link = await StartOnceAsync(rpc, cancellationToken);
        _watching = WatchAsync(rpc, TimeProvider.System.GetTimestamp());
        return link.Functions;
    }

    /// <summary>The process's stream; waited for while the process is started again.</summary>
    public Task<WorkerLink> LinkAsync(CancellationToken cancellationToken) => _current.Task.WaitAsync(StartLimit, cancellationToken);

    /// <summary>Ends the process at once, after which it is started again.</summary>
    public void Restart(string reason)
    {
        LogRestart(reason);
        _process?.Kill();
    }

    /// <summary>Asks the process to end, and ends it after a time.</summary>
    public async Task StopAsync(TimeSpan grace)
    {
        await _stopping.CancelAsync();
        if (_process is not { } process)
            return;
        if (_current.Task.IsCompletedSuccessfully)
            (await _current.Task).Terminate(grace);
        if (await Task.WhenAny(process.Ended, Task.Delay(grace)) != process.Ended)
            process.Kill();
        await _watching;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.Zero);
        _process?.Dispose();
        _stopping.Dispose();
    }

    /// <summary>The app's own process, for who wants to look into it.</summary>
    public int ProcessId
    {
        get
        {
            lock (_changing)
                return _process!.ProcessId;
        }
    }

    private async Task<WorkerLink> StartOnceAsync(Uri rpc, CancellationToken cancellationToken)
    {
        var id = Guid.NewGuid().ToString();
        var opened = streams.Expect(id);
        var process = WorkerProcess.Start(appFolder, rpc, id, settings, logs.CreateLogger("Worker.Console"));
        lock (_changing)
            _process = process;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartLimit);
        try
        {
            if (await Task.WhenAny(opened, process.Ended.WaitAsync(limit.Token)) != opened)
            {
                cancellationToken.ThrowIfCancellationRequested();
                throw new HostException(process.Ended.IsCompleted
                    ? $"Expected the app's process to report to this host; it ended with exit code {process.ExitCode}."
                    : $"Expected the app's process to report to this host within {StartLimit.TotalSeconds:0} s.");
            }

            var link = await opened;
            await link.InitializeAsync(appFolder, cancellationToken);
            LogStarted(process.ProcessId, link.Functions.Count);
            _current.TrySetResult(link);
            return link;
        }
        catch
        {
            process.Kill();
            throw;
        }
    }

    private async Task WatchAsync(Uri rpc, long startedAt)
    {
        var pause = TimeSpan.Zero;
        while (true)
        {
            await _process!.Ended;
            var link = await _current.Task;
            lock (_changing)
                _current = new(TaskCreationOptions.RunContinuationsAsynchronously);
            link.Close();
            if (_stopping.IsCancellationRequested)
                return;
            if (TimeProvider.System.GetElapsedTime(startedAt) > Settled)
                pause = TimeSpan.Zero;
            LogEnded(_process.ExitCode, pause.TotalSeconds);
            while (!await TryStartAgainAsync(rpc, pause))
            {
                if (_stopping.IsCancellationRequested)
                    return;
                pause = Longer(pause);
            }

            pause = Longer(pause);
            startedAt = TimeProvider.System.GetTimestamp();
        }
    }

    private async Task<bool> TryStartAgainAsync(Uri rpc, TimeSpan pause)
    {
        try
        {
            await Task.Delay(pause, _stopping.Token);
            _process?.Dispose();
            await StartOnceAsync(rpc, _stopping.Token);
            return true;
        }
        catch (Exception fault) when (fault is HostException or WorkerProcessExitException or OperationCanceledException)
        {
            if (!_stopping.IsCancellationRequested)
                LogNotStarted(fault.Message);
            return false;
        }
    }

    private static TimeSpan Longer(TimeSpan pause) =>
        pause == TimeSpan.Zero ? TimeSpan.FromSeconds(1) : pause * 2 < LongestPause ? pause * 2 : LongestPause;

    [LoggerMessage(Level = LogLevel.Information, Message = "The worker process {Id} has loaded {Count} functions")]
    private partial void LogStarted(int id, int count);

    [LoggerMessage(Level = LogLevel.Error, Message = "The worker process ended with exit code {Code}; it is started again in {Pause:0} s")]
    private partial void LogEnded(int code, double pause);

    [LoggerMessage(Level = LogLevel.Error, Message = "The worker process could not be started: {Reason}")]
    private partial void LogNotStarted(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The worker process is ended and started again: {Reason}")]
    private partial void LogRestart(string reason);
}
