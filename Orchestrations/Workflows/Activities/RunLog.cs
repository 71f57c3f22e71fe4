namespace Orchestrations.Workflows.Activities;

/// <summary>What the log says of a run that failed.</summary>
internal static partial class RunLog
{
    [LoggerMessage(LogLevel.Error, "{Run} failed: {Reasons}")]
    public static partial void RunFailed(this ILogger log, string run, string reasons);
}
