using System.Globalization;
using Curriculum.Work;
using Microsoft.Extensions.Logging;

namespace GpuWorker.Worker;

/// <summary>Everything a worker says.</summary>
internal static partial class WorkerLog
{
    [LoggerMessage(1, LogLevel.Information, "worker {Worker}: device {Device}, numerics {Fingerprint}, storage account {Account}, queue {Queue}")]
    public static partial void Started(this ILogger log, string worker, string device, string fingerprint, string account, string queue);

    [LoggerMessage(2, LogLevel.Information, "worker {Worker} stopped")]
    public static partial void Stopped(this ILogger log, string worker);

    [LoggerMessage(3, LogLevel.Information, "nothing to do for {Seconds} s: ending")]
    public static partial void Idle(this ILogger log, double seconds);

    [LoggerMessage(4, LogLevel.Critical, "the worker cannot go on")]
    public static partial void LoopFailed(this ILogger log, Exception fault);

    [LoggerMessage(5, LogLevel.Warning, "storage failed, trying again in {Seconds} s: {Fault}")]
    public static partial void QueueFailed(this ILogger log, double seconds, string fault);

    [LoggerMessage(6, LogLevel.Warning, "a step was not finished while stopping, the next delivery repeats it: {Fault}")]
    public static partial void StoppedOn(this ILogger log, string fault);

    [LoggerMessage(10, LogLevel.Information, "{Id}: {Kind} in {Seconds} s{Speed}")]
    private static partial void Computed(this ILogger log, WorkItemId id, string kind, string seconds, string speed);

    [LoggerMessage(11, LogLevel.Error, "{Id}: failed ({Kind}) after {Seconds} s: {Reason}")]
    private static partial void Failed(this ILogger log, WorkItemId id, string kind, string seconds, string reason);

    [LoggerMessage(12, LogLevel.Information, "{Id}: a result is stored already; reporting it")]
    public static partial void AlreadyStored(this ILogger log, WorkItemId id);

    [LoggerMessage(13, LogLevel.Information, "{Id}: another worker stored the result; stopped computing it")]
    public static partial void StoredElsewhere(this ILogger log, WorkItemId id);

    [LoggerMessage(14, LogLevel.Information, "{Id}: its run is paused; put off for {Seconds} s")]
    public static partial void Paused(this ILogger log, WorkItemId id, int seconds);

    [LoggerMessage(15, LogLevel.Information, "{Id}: given back, {Reason}")]
    public static partial void Released(this ILogger log, WorkItemId id, string reason);

    [LoggerMessage(16, LogLevel.Warning, "{Id}: storage failed, put off for {Seconds} s: {Fault}")]
    public static partial void PutOff(this ILogger log, WorkItemId id, int seconds, string fault);

    [LoggerMessage(17, LogLevel.Error, "{Id}: try {Try} of {Tries} failed")]
    public static partial void TryFailed(this ILogger log, WorkItemId id, long @try, int tries, Exception fault);

    [LoggerMessage(18, LogLevel.Warning, "{Id}: could not be given back and shows again within {Seconds} s: {Fault}")]
    public static partial void GiveBackFailed(this ILogger log, WorkItemId id, int seconds, string fault);

    [LoggerMessage(19, LogLevel.Error, "{Id}: set aside: {Reason}")]
    public static partial void SetAside(this ILogger log, WorkItemId id, string reason);

    [LoggerMessage(30, LogLevel.Error, "An unreadable message was set aside: {Reason}")]
    public static partial void Unreadable(this ILogger log, string reason);

    [LoggerMessage(20, LogLevel.Warning, "{Id}: its message went to another worker; computing on until a result is stored")]
    public static partial void MessageLost(this ILogger log, WorkItemId id);

    [LoggerMessage(21, LogLevel.Warning, "{Id}: claim, renewal or control failed at a mark of progress: {Fault}")]
    public static partial void MarkFailed(this ILogger log, WorkItemId id, string fault);

    [LoggerMessage(22, LogLevel.Warning, "{Id}: silent for {Seconds:0} s; its message shows again to others")]
    public static partial void Silent(this ILogger log, WorkItemId id, double seconds);

    [LoggerMessage(23, LogLevel.Critical, "{Id}: silent for {Seconds:0} s, more than Worker:StuckSeconds = {Limit}; ending")]
    public static partial void Stuck(this ILogger log, WorkItemId id, double seconds, double limit);

    [LoggerMessage(24, LogLevel.Warning, "{Folder}: expected to write the manifest {Own}, found {Standing}, which stands (workers of different numerics?)")]
    public static partial void StateStands(this ILogger log, string folder, string standing, string own);

    /// <summary>One line per item: id, kind, seconds, tokens per second; or why it failed.</summary>
    public static void Finished(this ILogger log, WorkResult result)
    {
        var seconds = result.Timing.Seconds.ToString("0.0##", CultureInfo.InvariantCulture);
        if (result.Failure is { } failure)
        {
            log.Failed(result.Id, failure.Kind, seconds, failure.Message);
            return;
        }

        var (kind, tokens) = result.Output switch
        {
            RolloutOutput rollout => ("rollout", rollout.ForwardTokens),
            UpdateOutput update => ("update", update.TrainedTokens),
            EvaluateOutput evaluate => ("evaluate", (long)evaluate.Answers.Sum(answer => answer.MeanTokens * Math.Max(1, answer.Samples))),
            ContinueOutput continued => ("continue", continued.Continuations.Count),
            ScoreOutput scored => ("score", scored.Texts.Sum(text => (long)text.Segments.Sum(segment => segment.Tokens))),
            _ => ("unknown", 0),
        };
        var speed = result.Timing.Seconds > 0
            ? string.Create(CultureInfo.InvariantCulture, $", {tokens / result.Timing.Seconds:0} tokens/s")
            : "";
        log.Computed(result.Id, kind, seconds, speed);
    }
}
