using Microsoft.Extensions.Logging;

namespace LocalHost.Durable;

internal static partial class EngineLog
{
    [LoggerMessage(LogLevel.Information, "Task hub {Hub}: running, {Live} of {All} instances go on.")]
    public static partial void Running(this ILogger logger, string hub, int live, int all);

    [LoggerMessage(LogLevel.Information, "Task hub {Hub}: waiting for the host that holds its lease.")]
    public static partial void Waiting(this ILogger logger, string hub);

    [LoggerMessage(LogLevel.Warning, "Task hub {Hub}: lost, its work here has stopped. {Reason}")]
    public static partial void Lost(this ILogger logger, string hub, string reason);

    [LoggerMessage(LogLevel.Error, "Task hub {Hub}: its work here has stopped for an error and begins again from storage.")]
    public static partial void Faulted(this ILogger logger, string hub, Exception exception);

    [LoggerMessage(LogLevel.Error, "The history of instance {InstanceId} cannot be read: the instance is left out.")]
    public static partial void Unreadable(this ILogger logger, string instanceId, Exception exception);
}
