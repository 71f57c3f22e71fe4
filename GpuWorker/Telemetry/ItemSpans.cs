using System.Diagnostics;
using Curriculum.Telemetry;
using Curriculum.Work;

namespace GpuWorker.Telemetry;

/// <summary>The span of one delivery of an item, below the one that sent it, and those of its phases.</summary>
internal static class ItemSpans
{
    public const string Load = "load";
    public const string Turn = "wait for turn";
    public const string Compute = "compute";
    public const string StoreState = "store state";
    public const string StoreResult = "store result";
    public const string Report = "report";

    /// <param name="message">The item's message.</param>
    /// <param name="deliveries">How often it was delivered, this time included.</param>
    public static Activity? Start(WorkMessage message, long deliveries)
    {
        if (!Signals.Spans.HasListeners())
            return null;
        // A message without a trace begins one; what this thread happens to be in is not its parent.
        Activity.Current = null;
        var parent = ActivityContext.TryParse(message.TraceParent, null, isRemote: true, out var context) ? context : default;
        return Signals.Spans.StartActivity(message.Id.KindName, ActivityKind.Consumer, parent)
            .With([.. SignalTags.Of(message.Id), new(SignalTags.Queue, StorageNames.WorkQueue), new(SignalTags.Deliveries, deliveries)]);
    }

    /// <summary>A phase of the current item.</summary>
    public static Activity? Phase(string name) => Signals.Spans.StartActivity(name);

    /// <summary>What the item came to.</summary>
    public static void Finish(this Activity? span, WorkResult result)
    {
        span?.SetTag(SignalTags.Tokens, OutputFigures.TokensOf(result.Output)).SetTag(SignalTags.Outcome, result.Failure?.Kind ?? WorkerMeasurements.Completed);
        if (result.Failure is { } failure)
            span.Fail(failure.Message);
    }
}
