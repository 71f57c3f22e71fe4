using Azure.Storage.Queues.Models;
using GpuWorker.Execution;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GpuWorker.Worker;

/// <summary>Processes items from the queue until it is stopped or has been idle for long enough: one computes, the next is made ready, those before it are stored.</summary>
internal sealed class WorkLoop(
    WorkerStorage storage, ItemProtocol protocol, ItemTurns turns, ComputeThread compute, WorkerUse use, Settings settings, WorkerExit exit, TimeProvider time,
    ILogger<WorkLoop> log) : BackgroundService
{
    /// <summary>Looks at an empty queue before the pauses between them grow: what follows from a result is sent within moments.</summary>
    private const int QuickLooks = 15;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan FaultPause = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan LongestFaultPause = TimeSpan.FromSeconds(10);

    private readonly WorkerOptions _options = settings.Worker;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var over = new CancellationTokenSource();
        await using var grace = stoppingToken.Register(() => over.CancelAfter(TimeSpan.FromSeconds(_options.StopSeconds)));
        var shutdown = new ShutdownTokens(stoppingToken, over.Token);
        try
        {
            log.Started(_options.Name, ComputeDevice.Describe(settings.Compute), compute.Fingerprint, storage.Account, storage.Work.Name);
            await EnsureStorageAsync(stoppingToken);
            await LoopAsync(shutdown);
            log.Stopped(_options.Name, use);
        }
        catch (Exception fault) when (stoppingToken.IsCancellationRequested)
        {
            if (fault is not OperationCanceledException)
                log.StoppedOn(fault.Message);
            log.Stopped(_options.Name, use);
        }
        catch (Exception fault)
        {
            log.LoopFailed(fault);
            exit.Request(WorkerExit.Failed);
        }
    }

    private async Task LoopAsync(ShutdownTokens shutdown)
    {
        List<Task> items = [];
        try
        {
            await ReceiveAllAsync(items, shutdown);
        }
        finally
        {
            await Task.WhenAll(items);
        }
    }

    private async Task ReceiveAllAsync(List<Task> items, ShutdownTokens shutdown)
    {
        var looks = 0;
        var pause = FirstPause;
        var faultPause = FirstPause;
        var idleSince = time.GetTimestamp();
        while (!shutdown.Requested.IsCancellationRequested)
        {
            var turn = await turns.NextAsync(shutdown.Requested);
            try
            {
                if (await ReceiveAsync(shutdown) is { } message)
                {
                    items.RemoveAll(item => item.IsCompleted);
                    items.Add(HandleAsync(new(storage, message), turn, shutdown));
                    (looks, pause, faultPause, idleSince) = (0, FirstPause, FirstPause, time.GetTimestamp());
                    continue;
                }

                turn.Dispose();
                use.SawNoWork();
                faultPause = FirstPause;
            }
            catch (Exception fault) when (!shutdown.Requested.IsCancellationRequested)
            {
                turn.Dispose();
                faultPause = Min(faultPause * 4, LongestFaultPause);
                log.QueueFailed(faultPause.TotalSeconds, fault.Message);
                await Task.Delay(faultPause, time, shutdown.Requested);
                continue;
            }

            if (items.Any(item => !item.IsCompleted))
                idleSince = time.GetTimestamp();
            if (_options.ExitWhenIdleSeconds > 0 && time.GetElapsedTime(idleSince).TotalSeconds >= _options.ExitWhenIdleSeconds)
            {
                log.Idle(_options.ExitWhenIdleSeconds);
                exit.Request(0);
                return;
            }

            await Task.Delay(pause, time, shutdown.Requested);
            if (++looks > QuickLooks)
                pause = Min(pause * 2, TimeSpan.FromMilliseconds(_options.MaxPollMilliseconds));
        }
    }

    private async Task HandleAsync(Delivery delivery, ItemTurns.ItemTurn turn, ShutdownTokens shutdown)
    {
        using (turn)
        {
            turn.IsRepeated = delivery.Count > 1;
            try
            {
                await protocol.HandleAsync(delivery, turn, shutdown);
            }
            catch (Exception fault) when (!shutdown.Requested.IsCancellationRequested)
            {
                // The message becomes visible again at its timeout; until storage answers better nothing else takes its place.
                log.QueueFailed(FaultPause.TotalSeconds, fault.Message);
                await ((Task)Task.Delay(FaultPause, time, shutdown.Requested)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception fault)
            {
                if (fault is not OperationCanceledException)
                    log.StoppedOn(fault.Message);
            }
        }
    }

    /// <summary>The next message. A stop does not cancel the request: the message of a lost answer would stay invisible.</summary>
    private async Task<QueueMessage?> ReceiveAsync(ShutdownTokens shutdown) =>
        (await storage.Work.ReceiveMessageAsync(TimeSpan.FromSeconds(_options.VisibilitySeconds), shutdown.Deadline)).Value;

    private async Task EnsureStorageAsync(CancellationToken cancellationToken)
    {
        var pause = TimeSpan.FromSeconds(0.5);
        while (true)
        {
            try
            {
                await storage.EnsureAsync(cancellationToken);
                return;
            }
            catch (Exception fault) when (!cancellationToken.IsCancellationRequested && StorageFault.IsTransient(fault))
            {
                log.QueueFailed(pause.TotalSeconds, fault.Message);
                await Task.Delay(pause, time, cancellationToken);
                pause = Min(pause * 2, LongestFaultPause);
            }
        }
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
