using Microsoft.DurableTask;

namespace LocalHost.Durable.History;

/// <summary>Keeps a failure within a line of history, whatever an exception says and however many it holds.</summary>
/// <remarks>A failure that no append can take would end its hub's work again at every start.</remarks>
internal static class FailureBounds
{
    /// <summary>Characters of a message or a stack trace that are kept.</summary>
    public const int MaxText = 16 * 1024;

    /// <summary>Failures inside each other that are kept.</summary>
    public const int MaxDepth = 12;

    public static TaskFailureDetails Of(Exception exception) => Bound(TaskFailureDetails.FromException(exception));

    public static TaskFailureDetails Bound(TaskFailureDetails failure) => Bound(failure, 1);

    private static TaskFailureDetails Bound(TaskFailureDetails failure, int depth) => failure with
    {
        ErrorMessage = Cut(failure.ErrorMessage),
        StackTrace = failure.StackTrace is { } trace ? Cut(trace) : null,
        InnerFailure = failure.InnerFailure is { } inner && depth < MaxDepth ? Bound(inner, depth + 1) : null,
    };

    private static string Cut(string text) =>
        text.Length <= MaxText ? text : $"{text.AsSpan(0, MaxText)}... ({text.Length - MaxText} more characters)";
}
