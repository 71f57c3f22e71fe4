using Microsoft.DurableTask.Client;

namespace Orchestrations.Runs;

/// <summary>Why an orchestration failed, on any backend.</summary>
internal static class EngineFailure
{
    private const string Unhandled = "failed with an unhandled exception: ";

    /// <summary>The cause in words; null where the orchestration did not fail, or did not say.</summary>
    /// <remarks>The Azure Storage backend keeps no details: the text is the orchestration's output there.</remarks>
    public static string? Of(OrchestrationMetadata? instance) => instance switch
    {
        null => null,
        { FailureDetails: { } details } => Workflows.Failures.Root(details),
        { RuntimeStatus: OrchestrationRuntimeStatus.Failed, SerializedOutput: { Length: > 0 } output } => Cause(output),
        _ => null,
    };

    /// <summary>The innermost message: what follows the last task, without the name of the exception before it.</summary>
    internal static string Cause(string output)
    {
        var text = output.Trim('"');
        var last = text.LastIndexOf(Unhandled, StringComparison.Ordinal);
        if (last >= 0)
            return text[(last + Unhandled.Length)..];
        var colon = text.IndexOf(": ", StringComparison.Ordinal);
        return colon > 0 && text.IndexOf("Exception", StringComparison.Ordinal) is var name && name >= 0 && name < colon ? text[(colon + 2)..] : text;
    }
}
