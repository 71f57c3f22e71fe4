using LocalHost.Durable.Storage;
using LocalHost.Hosting;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace LocalHost.Triggers.Timers;

/// <summary>Fires a timer function on its schedule, one firing at a time; a monitored one also for a firing missed while the host was down.</summary>
internal sealed class TimerListener(
    FoundFunction function, FunctionInvoker invoker, TimerSchedule schedule, ScheduleStore store, TimeProvider time, ILogger logger)
    : ITriggerListener
{
    // A single delay cannot be longer than 49 days; a day at most also keeps up with a clock that is set.
    private static readonly TimeSpan LongestDelay = TimeSpan.FromDays(1);
    private static readonly TimeSpan RetryEvery = TimeSpan.FromSeconds(5);

    private readonly TimerTriggerAttribute _trigger = (TimerTriggerAttribute)function.Trigger;
    private bool _monitored;

    private DateTime Now => time.GetUtcNow().UtcDateTime;

    /// <exception cref="HostSettingsException">The function has a parameter that a timer does not provide.</exception>
    public static void Check(FoundFunction function)
    {
        if (function.TriggerParameter.ParameterType != typeof(TimerInfo))
            throw new HostSettingsException($"Expected the timer function '{function.Name}' to take a TimerInfo and found {function.TriggerParameter.ParameterType}.");
        if (function.Others.FirstOrDefault() is { } other)
            throw new HostSettingsException($"Nothing binds the parameter '{other.Name}' of the timer function '{function.Name}'.");
    }

    public async Task RunAsync(CancellationToken stopping, CancellationToken aborting)
    {
        try
        {
            _monitored = _trigger.UseMonitor && !schedule.IsFrequent(Now);
            var status = await StartStatusAsync(stopping);
            if (_monitored && status.Next < Now)
                status = await FireAsync(status, Now, isPastDue: true, aborting);
            else if (_trigger.RunOnStartup)
                status = await FireAsync(status, Now, isPastDue: false, aborting);

            while (true)
            {
                await WaitAsync(status.Next, stopping);
                // Where the timer fired early by the clock, the scheduled instant counts, or it would fire twice for it.
                var fired = Now < status.Next ? status.Next : Now;
                status = await FireAsync(status, fired, isPastDue: false, aborting);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
    }

    /// <summary>What storage says of the schedule, or a first status; starts anew where the schedule was changed since.</summary>
    private async Task<ScheduleStatus> StartStatusAsync(CancellationToken stopping)
    {
        var now = Now;
        var status = _monitored ? await ReadAsync(stopping) : null;
        // The time from which the recorded next firing was worked out.
        var from = status is null ? now : status.Last != default ? status.Last : status.LastUpdated;
        var next = schedule.Next(from);
        if (status?.Next == next)
            return status;
        if (next < now)
            (from, next) = (now, schedule.Next(now));
        status = new() { Next = next, LastUpdated = from };
        await KeepAsync(status, stopping);
        return status;
    }

    /// <summary>A host that starts while the storage is away must not go without its timer.</summary>
    private async Task<ScheduleStatus?> ReadAsync(CancellationToken stopping)
    {
        while (true)
        {
            try
            {
                return await store.ReadAsync(function.Name, stopping);
            }
            catch (Exception e) when (StorageFailure.Is(e, stopping))
            {
                logger.ScheduleUnreadable(e, function.Name, RetryEvery);
                await Task.Delay(RetryEvery, time, stopping);
            }
        }
    }

    /// <summary>Runs the function and gives the status that follows; the one it sees names this firing as the next.</summary>
    private async Task<ScheduleStatus> FireAsync(ScheduleStatus status, DateTime fired, bool isPastDue, CancellationToken aborting)
    {
        try
        {
            var info = new TimerInfo { ScheduleStatus = _monitored ? status : null, IsPastDue = isPastDue };
            await invoker.InvokeAsync(
                function, p => p == function.TriggerParameter ? info : p.DefaultValue, cancellationToken: aborting);
        }
        catch (Exception e)
        {
            logger.FunctionFailed(e, function.Name);
        }

        var following = new ScheduleStatus { Last = fired, Next = schedule.Next(fired), LastUpdated = fired };
        await KeepAsync(following, aborting);
        return following;
    }

    private async Task KeepAsync(ScheduleStatus status, CancellationToken cancellationToken)
    {
        if (!_monitored)
            return;
        try
        {
            await store.WriteAsync(function.Name, status, cancellationToken);
        }
        catch (Exception e) when (StorageFailure.Is(e, cancellationToken))
        {
            logger.ScheduleNotKept(e, function.Name);
        }
    }

    private async Task WaitAsync(DateTime until, CancellationToken stopping)
    {
        stopping.ThrowIfCancellationRequested();
        while (until - Now is { Ticks: > 0 } left)
            await Task.Delay(left < LongestDelay ? left : LongestDelay, time, stopping);
    }
}
