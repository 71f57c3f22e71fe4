using LocalHost.Durable.Scheduling;
using LocalHost.Durable.Storage;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace LocalHost.Durable;

/// <summary>Durable execution over blobs, inside the host's process.</summary>
/// <remarks>
/// It runs its task hub while it holds the hub's lease; before that, its calls wait. All that it knows is in the instances'
/// histories, so that losing the lease, a stop and a crash are the same to the next holder.
/// </remarks>
internal sealed partial class DurableEngine : IAsyncDisposable
{
    private readonly DurableEngineOptions _options;
    private readonly IDurableFunctions _functions;
    private readonly ILogger _logger;
    private readonly HubLease _lease;
    private readonly CancellationTokenSource _stop = new();
    private TaskCompletionSource<HubSession> _session = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _running = Task.CompletedTask;
    private bool _abandoned;

    public DurableEngine(DurableEngineOptions options, IDurableFunctions functions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxConcurrentActivities, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.MaxConcurrentOrchestrators, 1);
        (_options, _functions) = (options, functions);
        _logger = options.LoggerFactory.CreateLogger("LocalHost.Durable");
        _lease = new(options.Blobs.GetBlobContainerClient(BlobNames.Container(options.HubName)), options.Time);
        Client = new EngineClient(this, options.HubName);
    }

    public DurableTaskClient Client { get; }

    public DataConverter Converter => _options.Converter;

    public string DefaultVersion => _options.DefaultVersion;

    public TimeProvider Time => _options.Time;

    /// <summary>Begins to wait for the hub and, once it is free, to run it; returns at once.</summary>
    public Task StartAsync(CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _running = Task.Run(RunAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <summary>Completes when the hub is this engine's and its instances go on.</summary>
    public async Task WhenReadyAsync(CancellationToken cancellationToken) => await SessionAsync(cancellationToken);

    /// <summary>Completes when the hub is this engine's; the task that it gives completes when it no longer is.</summary>
    public async Task<Task> WhenHeldAsync(CancellationToken cancellationToken) => (await SessionAsync(cancellationToken)).Closed;

    /// <summary>Stops all work and leaves the hub to the next host.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _session.TrySetCanceled();
    }

    /// <summary>Drops all that is in memory as a crash would: nothing more is written, and the lease is not given back.</summary>
    internal Task AbandonAsync()
    {
        _abandoned = true;
        return StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private Task<HubSession> SessionAsync(CancellationToken cancellationToken) =>
        Volatile.Read(ref _session).Task.WaitAsync(cancellationToken);

#pragma warning disable CA1031 // Whatever stops the hub's work, the engine waits for the hub again.
    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await RunOnceAsync();
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (HubLostException exception)
            {
                _logger.Lost(_options.HubName, exception.Message);
            }
            catch (Exception exception)
            {
                _logger.Faulted(_options.HubName, exception);
                await Task.Delay(TimeSpan.FromSeconds(1), Time, CancellationToken.None);
            }
        }
    }
#pragma warning restore CA1031

    private async Task RunOnceAsync()
    {
        _logger.Waiting(_options.HubName);
        await _lease.AcquireAsync(_stop.Token);
        using var holding = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        var held = _lease.HoldAsync(holding.Token);
        var session = new HubSession(_options, _functions, _lease);
        try
        {
            var recovering = Recovery.RunAsync(session);
            if (await Task.WhenAny(recovering, held) == recovering)
            {
                _logger.Running(_options.HubName, await recovering, session.Instances.Count);
                _session.TrySetResult(session);
                await Task.WhenAny(held, session.Faulted);
            }

            if (session.Faulted.IsCompleted)
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(await session.Faulted);
            if (!_stop.IsCancellationRequested)
                throw new HubLostException("The lease could not be renewed.");
        }
        finally
        {
            if (_session.Task.IsCompleted)
                Volatile.Write(ref _session, new(TaskCreationOptions.RunContinuationsAsynchronously));
            await session.DisposeAsync();
            await holding.CancelAsync();
            if (!_abandoned)
                await _lease.ReleaseAsync();
        }
    }
}
