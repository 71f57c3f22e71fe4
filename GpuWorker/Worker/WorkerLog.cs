using System.Globalization;
using Curriculum.Work;
using Microsoft.Extensions.Logging;

namespace GpuWorker.Worker;

/// <summary>Everything a worker logs.</summary>
internal static partial class WorkerLog
{
    [LoggerMessage(1, LogLevel.Information, "worker {Worker}: device {Device}, numerics {Fingerprint}, storage account {Account}, queue {Queue}")]
    public static partial void Started(this ILogger log, string worker, string device, string fingerprint, string account, string queue);

    public static void Stopped(this ILogger log, string worker, WorkerUse use) => log.Stopped(
        worker, use.Computed.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture), (100 * use.Share).ToString("0.0", CultureInfo.InvariantCulture));

    [LoggerMessage(2, LogLevel.Information, "worker {Worker} stopped; it computed for {Seconds} s, {Percent} % of the time in which there was work")]
    private static partial void Stopped(this ILogger log, string worker, string seconds, string percent);

    [LoggerMessage(3, LogLevel.Information, "idle for {Seconds} s: exiting")]
    public static partial void Idle(this ILogger log, double seconds);

    [LoggerMessage(4, LogLevel.Critical, "the worker cannot continue")]
    public static partial void LoopFailed(this ILogger log, Exception fault);

    [LoggerMessage(5, LogLevel.Warning, "storage failed, retrying in {Seconds} s: {Fault}")]
    public static partial void QueueFailed(this ILogger log, double seconds, string fault);

    [LoggerMessage(6, LogLevel.Warning, "shut down before a step had finished; the next delivery repeats it: {Fault}")]
    public static partial void StoppedOn(this ILogger log, string fault);

    [LoggerMessage(10, LogLevel.Information, "{Id}: {Kind} in {Seconds} s{Speed}")]
    private static partial void Computed(this ILogger log, WorkItemId id, string kind, string seconds, string speed);

    [LoggerMessage(11, LogLevel.Error, "{Id}: failed ({Kind}) after {Seconds} s: {Reason}")]
    private static partial void Failed(this ILogger log, WorkItemId id, string kind, string seconds, string reason);

    [LoggerMessage(12, LogLevel.Information, "{Id}: a result is already stored; reporting it")]
    public static partial void AlreadyStored(this ILogger log, WorkItemId id);

    [LoggerMessage(13, LogLevel.Information, "{Id}: another worker stored the result; stopped computing it")]
    public static partial void StoredElsewhere(this ILogger log, WorkItemId id);

    [LoggerMessage(31, LogLevel.Information, "{Id}: another item computes for longer than was expected; back to the queue")]
    public static partial void GaveWay(this ILogger log, WorkItemId id);

    [LoggerMessage(14, LogLevel.Information, "{Id}: its run is paused; deferred for {Seconds} s")]
    public static partial void Paused(this ILogger log, WorkItemId id, int seconds);

    [LoggerMessage(15, LogLevel.Information, "{Id}: abandoned: {Reason}")]
    public static partial void Abandoned(this ILogger log, WorkItemId id, string reason);

    [LoggerMessage(16, LogLevel.Warning, "{Id}: storage failed, deferred for {Seconds} s: {Fault}")]
    public static partial void Deferred(this ILogger log, WorkItemId id, int seconds, string fault);

    [LoggerMessage(17, LogLevel.Error, "{Id}: attempt {Attempt} of {Attempts} failed")]
    public static partial void AttemptFailed(this ILogger log, WorkItemId id, long attempt, int attempts, Exception fault);

    [LoggerMessage(18, LogLevel.Warning, "{Id}: could not be abandoned; its message becomes visible again within {Seconds} s: {Fault}")]
    public static partial void AbandonFailed(this ILogger log, WorkItemId id, int seconds, string fault);

    [LoggerMessage(19, LogLevel.Error, "{Id}: dead-lettered: {Reason}")]
    public static partial void DeadLettered(this ILogger log, WorkItemId id, string reason);

    [LoggerMessage(30, LogLevel.Error, "An unreadable message was dead-lettered: {Reason}")]
    public static partial void UnreadableMessage(this ILogger log, string reason);

    [LoggerMessage(20, LogLevel.Warning, "{Id}: its message went to another worker; still computing, until a result is stored")]
    public static partial void LeaseLost(this ILogger log, WorkItemId id);

    [LoggerMessage(21, LogLevel.Warning, "{Id}: could not write the claim, extend the message's visibility or read the run's control: {Fault}")]
    public static partial void HeartbeatFailed(this ILogger log, WorkItemId id, string fault);

    [LoggerMessage(22, LogLevel.Warning, "{Id}: stalled for {Seconds:0} s; its message becomes visible to other workers")]
    public static partial void Stalled(this ILogger log, WorkItemId id, double seconds);

    [LoggerMessage(23, LogLevel.Critical, "{Id}: stalled for {Seconds:0} s, more than Worker:StuckSeconds = {Limit}; exiting")]
    public static partial void Stuck(this ILogger log, WorkItemId id, double seconds, double limit);

    [LoggerMessage(24, LogLevel.Warning, "{Folder}: expected to write the manifest {Own}, found {Standing}, which is kept (do the workers differ in numerics?)")]
    public static partial void StateStands(this ILogger log, string folder, string standing, string own);

    [LoggerMessage(32, LogLevel.Warning, "{Id}: what was logged about it could not be stored: {Fault}")]
    public static partial void LinesLost(this ILogger log, WorkItemId id, string fault);

    /// <summary>One line per item: id, kind, seconds, tokens per second; or why it failed.</summary>
    public static void Finished(this ILogger log, WorkResult result)
    {
        var seconds = result.Timing.Seconds.ToString("0.0##", CultureInfo.InvariantCulture);
        if (result.Failure is { } failure)
        {
            log.Failed(result.Id, failure.Kind, seconds, failure.Message);
            return;
        }

        var tokens = OutputFigures.TokensOf(result.Output);
        var speed = tokens > 0 && result.Timing.Seconds > 0
            ? string.Create(CultureInfo.InvariantCulture, $", {tokens / result.Timing.Seconds:0} tokens/s")
            : "";
        log.Computed(result.Id, result.Id.KindName, seconds, speed);
    }
}
