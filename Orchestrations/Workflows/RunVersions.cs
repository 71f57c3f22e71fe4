using Microsoft.DurableTask;

namespace Orchestrations.Workflows;

/// <summary>Which order of calls a run began with: its replay must find the same (docs/DEPLOY.md).</summary>
internal static class RunVersions
{
    /// <summary>Before 1.1 a run waited its turn in one generation and evaluated every arm at once.</summary>
    public static bool IsBeforeBounds(TaskOrchestrationContext context) => context.CompareVersionTo("1.1") < 0;
}
