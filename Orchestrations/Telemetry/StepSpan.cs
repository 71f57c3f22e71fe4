using System.Diagnostics;
using Curriculum.Telemetry;
using Curriculum.Work;

namespace Orchestrations.Telemetry;

/// <summary>The span of a step of work, whoever takes it.</summary>
/// <remarks>
/// All steps of a stage stand beside each other, below the activity that took the first: one that a report takes would otherwise be a child of the item
/// that was reported, and a stage a chain of thousands. Its span links to that item's instead.
/// </remarks>
internal static class StepSpan
{
    private const string Name = "step";

    /// <param name="owner">Whose step.</param>
    /// <param name="step">Which.</param>
    /// <param name="origin">What the wait before it kept; null where the current activity is the parent.</param>
    /// <param name="report">The span of the item whose report has the step taken.</param>
    public static Activity? Start(WorkOwner owner, int step, string? origin = null, string? report = null)
    {
        if (!Signals.Spans.HasListeners())
            return null;
        var parent = ActivityContext.TryParse(origin, null, isRemote: true, out var context) ? context : Activity.Current?.Context ?? default;
        ActivityLink[] links = ActivityContext.TryParse(report, null, isRemote: true, out var reported) ? [new(reported)] : [];
        return Signals.Spans.StartActivity(Name, ActivityKind.Internal, parent, links: links).With([.. SignalTags.Of(owner), new(SignalTags.Step, step)]);
    }

    /// <summary>What the steps after the current one begin below; null outside any.</summary>
    public static string? Origin()
    {
        for (var span = Activity.Current; span is not null; span = span.Parent)
        {
            if (span.Source == Signals.Spans && span.OperationName == Name)
                return span.ParentId;
        }

        return null;
    }
}
