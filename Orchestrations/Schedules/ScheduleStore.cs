using Azure;
using Curriculum.Work;
using Orchestrations.Storage;

namespace Orchestrations.Schedules;

/// <summary>Schedules and their firings in the container <c>schedules</c>.</summary>
public sealed class ScheduleStore(JsonBlobs blobs)
{
    /// <summary>Firings that are kept: more than a year of nights.</summary>
    public const int KeptFirings = 400;

    private const string Container = StorageNames.SchedulesContainer;

    public static string ScheduleBlob(string name) => $"{name}/schedule.json";

    public static string FiringsOf(string name) => $"{name}/firings/";

    public static string FiringBlob(string name, DateTimeOffset scheduled) => $"{FiringsOf(name)}{ScheduleTimes.Stamp(scheduled)}.json";

    public Task<IReadOnlyList<string>> NamesAsync(CancellationToken cancellationToken) => blobs.ListFoldersAsync(Container, cancellationToken);

    public Task<Schedule?> FindAsync(string name, CancellationToken cancellationToken) =>
        blobs.FindAsync(Container, ScheduleBlob(name), SchedulesJson.Default.Schedule, cancellationToken);

    public Task<Stored<Schedule>> LookAsync(string name, CancellationToken cancellationToken) =>
        blobs.LookAsync(Container, ScheduleBlob(name), SchedulesJson.Default.Schedule, cancellationToken);

    public Task WriteAsync(Schedule schedule, CancellationToken cancellationToken) =>
        blobs.WriteAsync(Container, ScheduleBlob(schedule.Name), schedule, SchedulesJson.Default.Schedule, cancellationToken);

    /// <summary>Removes the schedule; its firings stay, for they say what was run.</summary>
    public Task<bool> RemoveAsync(string name, CancellationToken cancellationToken) => blobs.TryDeleteAsync(Container, ScheduleBlob(name), cancellationToken);

    /// <summary>The newest firings, the newest first.</summary>
    public async Task<IReadOnlyList<StoredFiring>> FiringsAsync(string name, int most, CancellationToken cancellationToken)
    {
        var found = new List<StoredFiring>();
        foreach (var blob in (await blobs.ListAsync(Container, FiringsOf(name), cancellationToken)).Reverse().Take(most))
        {
            if (await blobs.LookAsync(Container, blob, SchedulesJson.Default.Firing, cancellationToken) is Stored<Firing>.Found firing)
                found.Add(new(firing.Value, firing.Version!.Value));
        }

        return found;
    }

    /// <summary>Records a decision that nobody has taken yet; false where somebody has.</summary>
    public Task<bool> TryDecideAsync(Firing firing, CancellationToken cancellationToken) => blobs.TryCreateAsync(
        Container,
        FiringBlob(firing.Schedule, firing.Scheduled),
        firing,
        SchedulesJson.Default.Firing,
        cancellationToken);

    /// <summary>Goes on from a firing as it was read; null where somebody else has meanwhile.</summary>
    public async Task<StoredFiring?> TryAdvanceAsync(StoredFiring from, Firing to, CancellationToken cancellationToken)
    {
        var written = await blobs.TryReplaceAsync(
            Container, FiringBlob(to.Schedule, to.Scheduled), to, SchedulesJson.Default.Firing, from.ETag, cancellationToken);
        return written is { } version ? new(to, version) : null;
    }

    /// <summary>Deletes firings beyond those that are kept.</summary>
    public async Task PruneAsync(string name, CancellationToken cancellationToken)
    {
        var all = await blobs.ListAsync(Container, FiringsOf(name), cancellationToken);
        foreach (var blob in all.Take(Math.Max(0, all.Count - KeptFirings)))
            await blobs.TryDeleteAsync(Container, blob, cancellationToken);
    }
}

/// <summary>A firing as it was read.</summary>
public sealed record StoredFiring(Firing Firing, ETag ETag);
