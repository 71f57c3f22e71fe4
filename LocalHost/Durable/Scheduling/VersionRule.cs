using LocalHost.Durable.Replay;
using Microsoft.DurableTask;

namespace LocalHost.Durable.Scheduling;

/// <summary>Which instances a host may run by their version.</summary>
internal static class VersionRule
{
    /// <summary>Why not, or null where it may.</summary>
    public static TaskFailureDetails? Refusal(string version, DurableEngineOptions options) => options.VersionMatch switch
    {
        VersionMatch.Strict when VersionOrder.Compare(version, options.DefaultVersion) != 0 => Mismatch(
            $"The orchestration version '{version}' does not match the worker version '{options.DefaultVersion}'."),
        VersionMatch.CurrentOrOlder when VersionOrder.Compare(version, options.DefaultVersion) > 0 => Mismatch(
            $"The orchestration version '{version}' is greater than the worker version '{options.DefaultVersion}'."),
        _ => null,
    };

    private static TaskFailureDetails Mismatch(string message) => new("VersionMismatch", message, null, null, null);
}
