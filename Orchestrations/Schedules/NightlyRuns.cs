using Cronos;
using Curriculum.Costs;
using Curriculum.Plans;
using Curriculum.Work;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Orchestrations.Runs;
using Orchestrations.Storage;

namespace Orchestrations.Schedules;

/// <summary>Every night at 02:00 UTC: starts each plan in the <c>schedules</c> container.</summary>
/// <remarks>A run's id is its schedule and the scheduled instant, so that a timer that fires twice, or late, starts it once.</remarks>
public sealed partial class NightlyRuns(
    DataStorage storage, JsonBlobs blobs, RunStarter starter, RunPricing pricing, TimeProvider clock, ILogger<NightlyRuns> log)
{
    private const string Schedule = "0 0 2 * * *";

    /// <summary>Timers may fire up to a second early.</summary>
    private static readonly TimeSpan Early = TimeSpan.FromSeconds(2);

    [Function(nameof(NightlyRuns))]
    public async Task Run(
        [TimerTrigger(Schedule)] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        await storage.EnsureAsync(cancellationToken);
        var scheduled = ScheduledInstant(clock.GetUtcNow());
        foreach (var name in await blobs.ListAsync(StorageNames.SchedulesContainer, "", cancellationToken))
        {
            var content = await blobs.Blob(StorageNames.SchedulesContainer, name).DownloadContentAsync(cancellationToken);
            var reading = PlanReader.Read(content.Value.Content.ToMemory().Span);
            if (reading.Plan is not { } plan)
            {
                // One bad plan must not keep the others from starting.
                LogRefused(name, string.Join("; ", reading.Violations.Select(violation => $"{violation.Pointer}: {violation.Message}")));
                continue;
            }

            if (CostCap.Check(plan, await pricing.OfAsync(plan, cancellationToken)) is { } over)
            {
                LogRefused(name, $"{over.Pointer}: {over.Message}");
                continue;
            }

            var started = await starter.StartAsync(client, Id(name, scheduled), plan, cancellationToken);
            LogStarted(name, started.Run, started.Start);
        }
    }

    /// <summary>The instant that a firing at <paramref name="now"/> was scheduled for.</summary>
    internal static DateTimeOffset ScheduledInstant(DateTimeOffset now) =>
        CronExpression.Parse(Schedule, CronFormat.IncludeSeconds)
            .GetOccurrences(now - TimeSpan.FromDays(1), now + Early, TimeZoneInfo.Utc, fromInclusive: false, toInclusive: true)
            .Last();

    /// <summary>The run's id for a schedule and an instant.</summary>
    internal static string Id(string schedule, DateTimeOffset scheduled) => RunId.OfKey(
        FormattableString.Invariant($"nightly-{Path.GetFileNameWithoutExtension(schedule).ToLowerInvariant()}-{scheduled:yyyyMMdd't'HHmm'z'}"));

    [LoggerMessage(Level = LogLevel.Information, Message = "Schedule {Schedule}: run {Run}, {Start}")]
    private partial void LogStarted(string schedule, string run, RunStart start);

    [LoggerMessage(Level = LogLevel.Error, Message = "Schedule {Schedule} was refused: {Violations}")]
    private partial void LogRefused(string schedule, string violations);
}
