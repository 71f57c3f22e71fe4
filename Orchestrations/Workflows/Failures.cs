using Microsoft.DurableTask;

namespace Orchestrations.Workflows;

/// <summary>Reads what went wrong out of nested failures.</summary>
public static class Failures
{
    /// <summary>The message of the innermost failure: the cause, without the tasks that it went through.</summary>
    public static string Root(TaskFailureDetails failure)
    {
        while (failure.InnerFailure is { } inner)
            failure = inner;
        return failure.ErrorMessage;
    }
}
