using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Orchestrations.Storage;

namespace Orchestrations.Schedules;

/// <summary>Every minute: takes each schedule a step on.</summary>
public sealed partial class RunSchedules(DataStorage storage, ScheduleStore store, ScheduleRound round, ILogger<RunSchedules> log)
{
    [Function(nameof(RunSchedules))]
    public async Task Run([TimerTrigger("0 * * * * *")] TimerInfo timer, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        await storage.EnsureAsync(cancellationToken);
        foreach (var name in await store.NamesAsync(cancellationToken))
        {
            try
            {
                if (ScheduleReader.IsName(name) && await store.FindAsync(name, cancellationToken) is { } schedule)
                    await round.AdvanceAsync(client, schedule, cancellationToken);
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                // One bad schedule must not keep the others from their runs; the next minute tries again.
                LogFailed(failure, name);
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Schedule {Schedule} could not be taken on; it is tried again in a minute")]
    private partial void LogFailed(Exception failure, string schedule);
}
