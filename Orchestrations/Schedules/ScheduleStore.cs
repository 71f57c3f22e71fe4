using Azure;
using Curriculum.Work;
using Orchestrations.Storage;

namespace Orchestrations.Schedules;

/// <summary>Schedules and their scheduled runs in the container <c>schedules</c>.</summary>
public sealed class ScheduleStore(JsonBlobs blobs)
{
    /// <summary>ScheduledRuns that are kept: more than a year of nights.</summary>
    public const int KeptScheduledRuns = 400;

    private const string Container = StorageNames.SchedulesContainer;

    public static string ScheduleBlob(string name) => $"{name}/schedule.json";

    public static string ScheduledRunsOf(string name) => $"{name}/runs/";

    public static string ScheduledRunBlob(string name, DateTimeOffset scheduled) => $"{ScheduledRunsOf(name)}{ScheduleTimes.Stamp(scheduled)}.json";

    public Task<IReadOnlyList<string>> NamesAsync(CancellationToken cancellationToken) => blobs.ListFoldersAsync(Container, cancellationToken);

    public Task<Schedule?> FindAsync(string name, CancellationToken cancellationToken) =>
        blobs.FindAsync(Container, ScheduleBlob(name), SchedulesJson.Default.Schedule, cancellationToken);

    public Task<Stored<Schedule>> LookAsync(string name, CancellationToken cancellationToken) =>
        blobs.LookAsync(Container, ScheduleBlob(name), SchedulesJson.Default.Schedule, cancellationToken);

    public Task WriteAsync(Schedule schedule, CancellationToken cancellationToken) =>
        blobs.WriteAsync(Container, ScheduleBlob(schedule.Name), schedule, SchedulesJson.Default.Schedule, cancellationToken);

    /// <summary>Removes the schedule; its scheduled runs stay, for they say what was run.</summary>
    public Task<bool> RemoveAsync(string name, CancellationToken cancellationToken) => blobs.TryDeleteAsync(Container, ScheduleBlob(name), cancellationToken);

    /// <summary>The newest scheduled runs, the newest first.</summary>
    public async Task<IReadOnlyList<StoredScheduledRun>> ScheduledRunsAsync(string name, int most, CancellationToken cancellationToken)
    {
        var found = new List<StoredScheduledRun>();
        foreach (var blob in (await blobs.ListAsync(Container, ScheduledRunsOf(name), cancellationToken)).Reverse().Take(most))
        {
            if (await blobs.LookAsync(Container, blob, SchedulesJson.Default.ScheduledRun, cancellationToken) is Stored<ScheduledRun>.Found scheduled)
                found.Add(new(scheduled.Value, scheduled.Version!.Value));
        }

        return found;
    }

    /// <summary>Records a decision that nobody has taken yet; false where somebody has.</summary>
    public Task<bool> TryDecideAsync(ScheduledRun scheduled, CancellationToken cancellationToken) => blobs.TryCreateAsync(
        Container,
        ScheduledRunBlob(scheduled.Schedule, scheduled.Scheduled),
        scheduled,
        SchedulesJson.Default.ScheduledRun,
        cancellationToken);

    /// <summary>Goes on from a scheduled run as it was read; null where somebody else has meanwhile.</summary>
    public async Task<StoredScheduledRun?> TryAdvanceAsync(StoredScheduledRun from, ScheduledRun to, CancellationToken cancellationToken)
    {
        var written = await blobs.TryReplaceAsync(
            Container, ScheduledRunBlob(to.Schedule, to.Scheduled), to, SchedulesJson.Default.ScheduledRun, from.ETag, cancellationToken);
        return written is { } version ? new(to, version) : null;
    }

    /// <summary>Deletes scheduled runs beyond those that are kept.</summary>
    public async Task PruneAsync(string name, CancellationToken cancellationToken)
    {
        var all = await blobs.ListAsync(Container, ScheduledRunsOf(name), cancellationToken);
        foreach (var blob in all.Take(Math.Max(0, all.Count - KeptScheduledRuns)))
            await blobs.TryDeleteAsync(Container, blob, cancellationToken);
    }
}

/// <summary>A scheduled run as it was read.</summary>
public sealed record StoredScheduledRun(ScheduledRun ScheduledRun, ETag ETag);
