using System.Diagnostics.Metrics;
using Curriculum.Plans;
using Curriculum.Telemetry;
using Curriculum.Training;

namespace Orchestrations.Telemetry;

/// <summary>What the app measures of runs and of work; alerts go by these names.</summary>
internal static class AppMeasurements
{
    /// <summary>Messages of a queue.</summary>
    public static readonly Gauge<long> QueueDepth = Signals.Meter.CreateGauge<long>("curriculum.queue.depth", "{message}", "Messages in a queue, those that workers hold included.");

    /// <summary>Age of a queue's first message.</summary>
    public static readonly Gauge<double> QueueAge =
        Signals.Meter.CreateGauge<double>("curriculum.queue.age", "s", "How long the first message of a queue has been in it; 0 where there is none to be had.");

    /// <summary>How long nothing has moved.</summary>
    public static readonly Gauge<double> WorkQuiet = Signals.Meter.CreateGauge<double>(
        "curriculum.work.quiet", "s", "How long ago the newest sign of life was of any item that is waited for; 0 where none is.");

    /// <summary>Runs that ended.</summary>
    public static readonly Counter<long> Runs = Signals.Meter.CreateCounter<long>("curriculum.runs", "{run}", "Runs that ended, by state.");

    private static readonly Counter<long> Groups = Signals.Meter.CreateCounter<long>("curriculum.groups", "{group}", "Groups that were sampled, by method and by whether they were of use.");

    private static readonly Counter<long> Iterations = Signals.Meter.CreateCounter<long>("curriculum.iterations", "{iteration}", "Iterations that ended, by method.");

    private static readonly Counter<long> Redispatches = Signals.Meter.CreateCounter<long>("curriculum.redispatches", "{item}", "Items that were sent again.");

    private static readonly Counter<long> DroppedReports = Signals.Meter.CreateCounter<long>("curriculum.reports.dropped", "{message}", "Reports that no orchestration waited for any more.");

    public static void Ended(RunState state) => Runs.Add(1, new KeyValuePair<string, object?>(SignalTags.State, ApiJson.Code(state)));

    public static void Ended(Method stage, IEnumerable<IterationRecord> iterations)
    {
        var method = KeyValuePair.Create<string, object?>(SignalTags.Method, ApiJson.Code(stage));
        foreach (var iteration in iterations)
        {
            Iterations.Add(1, method);
            if (iteration is not { GroupsSampled: { } sampled, GroupsAdmitted: { } admitted })
                continue;
            Groups.Add(admitted, method, new(SignalTags.Useful, true));
            Groups.Add(sampled - admitted, method, new(SignalTags.Useful, false));
        }
    }

    public static void SentAgain() => Redispatches.Add(1);

    public static void Dropped() => DroppedReports.Add(1);
}
