using System.Diagnostics.Metrics;
using Curriculum.Telemetry;
using Curriculum.Work;

namespace GpuWorker.Telemetry;

/// <summary>What a worker measures of itself.</summary>
internal static class WorkerMeasurements
{
    public const string Completed = "completed";

    private static readonly Histogram<double> Duration = Signals.Meter.CreateHistogram<double>(
        "curriculum.item.duration", "s", "From the delivery of an item to its stored result, by kind and outcome; the count is that of items.",
        advice: new() { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1800, 7200] });

    private static readonly Counter<long> Tokens =
        Signals.Meter.CreateCounter<long>("curriculum.tokens", "{token}", "Tokens that models read, wrote or were trained on; the rate is that of tokens a second.");

    private static readonly Counter<double> Computed =
        Signals.Meter.CreateCounter<double>("curriculum.compute.time", "s", "Time in which an item computed; its rate is the share of a worker that is used.");

    private static readonly Counter<double> LostTime =
        Signals.Meter.CreateCounter<double>("curriculum.compute.lost", "s", "Time in which no item computed though there was work: receiving, looking at the queue, reading inputs.");

    private static readonly Counter<long> Heartbeats = Signals.Meter.CreateCounter<long>("curriculum.heartbeats", "{heartbeat}", "Signs of life of items, by whether storage took them.");

    private static readonly Counter<long> DeadLetters = Signals.Meter.CreateCounter<long>("curriculum.dead_letters", "{message}", "Messages that were set aside with a reason.");

    private static readonly Counter<long> Redeliveries = Signals.Meter.CreateCounter<long>("curriculum.redeliveries", "{message}", "Messages that were delivered before.");

    private static readonly Counter<long> Checkpoints = Signals.Meter.CreateCounter<long>("curriculum.checkpoint.size", "By", "Bytes of models and optimisers that were stored.");

    /// <summary>An item has a stored result.</summary>
    public static void Finished(WorkResult result)
    {
        var kind = KeyValuePair.Create<string, object?>(SignalTags.Kind, result.Id.KindName);
        Duration.Record(result.Timing.Seconds, kind, new(SignalTags.Outcome, result.Failure?.Kind ?? Completed));
        if (OutputFigures.TokensOf(result.Output) is > 0 and var tokens)
            Tokens.Add(tokens, kind);
    }

    public static void ComputedFor(TimeSpan time, WorkItemId item) => Computed.Add(time.TotalSeconds, new KeyValuePair<string, object?>(SignalTags.Kind, item.KindName));

    public static void Lost(TimeSpan time) => LostTime.Add(time.TotalSeconds);

    public static void Beat(bool taken) => Heartbeats.Add(1, new KeyValuePair<string, object?>(SignalTags.Outcome, taken ? "taken" : "failed"));

    public static void SetAside() => DeadLetters.Add(1);

    public static void DeliveredAgain() => Redeliveries.Add(1);

    public static void Stored(long bytes) => Checkpoints.Add(bytes);
}
