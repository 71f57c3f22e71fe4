using System.Collections.Concurrent;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Orchestrations.Storage;
using Orchestrations.Telemetry;

namespace Orchestrations.Watching;

/// <summary>Looks at what orchestrations wait for: the only place that knows about stalls, so that none of them needs a timer.</summary>
/// <remarks>Everything that it does may be done twice: it sends again what stalled, raises events that were lost, and ends by name what cannot be helped.</remarks>
public sealed partial class Watchdog(OpenWaits waits, WaitLook look, QueueMeasurements queues, ILogger<Watchdog> log)
{
    /// <summary>A wait that is younger than this is left alone: its report is on its way.</summary>
    internal static readonly TimeSpan FirstLook = TimeSpan.FromSeconds(5);

    private const int ParallelLooks = 8;

    [Function(nameof(Watchdog))]
    public async Task Run(
        [TimerTrigger("*/5 * * * * *", UseMonitor = false)] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        var ages = await waits.AgesAsync(cancellationToken);
        var quiet = new ConcurrentBag<TimeSpan>();
        await Parallel.ForEachAsync(
            ages.Where(wait => wait.Value >= FirstLook).Select(wait => wait.Key),
            new ParallelOptions { MaxDegreeOfParallelism = ParallelLooks, CancellationToken = cancellationToken },
            async (name, token) =>
            {
                try
                {
                    if (await look.AtAsync(client, name, token) is { } time)
                        quiet.Add(time);
                }
                catch (Exception failure) when (!token.IsCancellationRequested)
                {
                    // One wait that cannot be looked at hides no other.
                    LogFailed(failure, name);
                }
            });
        // A wait that is young was begun by something that moved.
        AppMeasurements.WorkQuiet.Record(quiet.IsEmpty || ages.Any(wait => wait.Value < FirstLook) ? 0 : Math.Max(0, quiet.Min().TotalSeconds));
        await queues.TakeAsync(cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The wait {Name} could not be looked at")]
    private partial void LogFailed(Exception failure, string name);
}
