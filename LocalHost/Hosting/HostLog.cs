using Microsoft.Extensions.Logging;

namespace LocalHost.Hosting;

/// <summary>What the host itself logs.</summary>
internal static partial class HostLog
{
    [LoggerMessage(1, LogLevel.Error, "The function '{Function}' failed.")]
    public static partial void FunctionFailed(this ILogger logger, Exception exception, string function);

    [LoggerMessage(2, LogLevel.Information, "{Count} functions: {Names}")]
    public static partial void FunctionsFound(this ILogger logger, int count, string names);

    [LoggerMessage(3, LogLevel.Warning, "Message {Id} of queue '{Queue}' failed {Tries} times and moved to '{Poison}'.")]
    public static partial void MovedToPoison(this ILogger logger, string id, string queue, long tries, string poison);

    [LoggerMessage(4, LogLevel.Warning, "Message {Id} of queue '{Queue}' is not base64 and moved to '{Poison}': send it encoded, or set extensions.queues.messageEncoding to none.")]
    public static partial void NotBase64(this ILogger logger, string id, string queue, string poison);

    [LoggerMessage(5, LogLevel.Warning, "Queue '{Queue}' could not be read; the next try follows in {Delay}.")]
    public static partial void QueueUnreadable(this ILogger logger, Exception exception, string queue, TimeSpan delay);

    [LoggerMessage(6, LogLevel.Warning, "Message {Id} of queue '{Queue}' was taken by another reader before it was done; it may run twice.")]
    public static partial void MessageLost(this ILogger logger, string id, string queue);

    [LoggerMessage(7, LogLevel.Warning, "The schedule of '{Function}' could not be kept in storage.")]
    public static partial void ScheduleNotKept(this ILogger logger, Exception exception, string function);

    [LoggerMessage(8, LogLevel.Warning, "Work in flight did not end within {Limit} and was given up.")]
    public static partial void GaveUpWaiting(this ILogger logger, TimeSpan limit);

    [LoggerMessage(9, LogLevel.Warning, "The schedule of '{Function}' could not be read from storage; the next try follows in {Delay}.")]
    public static partial void ScheduleUnreadable(this ILogger logger, Exception exception, string function, TimeSpan delay);
}
