namespace Orchestrations.Workflows.Activities;

/// <summary>What a person is told of by an alert, which reads the logs for these words.</summary>
internal static partial class RunLog
{
    /// <summary>First word of the line on a failed run; the alert on failed runs looks for it.</summary>
    public const string FailedMark = "RunFailed";

    [LoggerMessage(LogLevel.Error, FailedMark + " {Run}: {Reasons}")]
    public static partial void RunFailed(this ILogger log, string run, string reasons);
}
