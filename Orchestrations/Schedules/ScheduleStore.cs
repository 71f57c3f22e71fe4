using System.Text.Json;
using Azure;
using Azure.Storage.Blobs.Models;
using Curriculum.Work;
using Orchestrations.Storage;

namespace Orchestrations.Schedules;

/// <summary>Schedules and their firings in the container <c>schedules</c>.</summary>
public sealed class ScheduleStore(DataStorage storage, JsonBlobs blobs)
{
    /// <summary>Firings that are kept: more than a year of nights.</summary>
    public const int KeptFirings = 400;

    private const string Container = StorageNames.SchedulesContainer;

    public static string ScheduleBlob(string name) => $"{name}/schedule.json";

    public static string FiringsOf(string name) => $"{name}/firings/";

    public static string FiringBlob(string name, DateTimeOffset scheduled) => $"{FiringsOf(name)}{ScheduleTimes.Stamp(scheduled)}.json";

    public async Task<IReadOnlyList<string>> NamesAsync(CancellationToken cancellationToken)
    {
        var names = new List<string>();
        await foreach (var item in storage.Blobs.GetBlobContainerClient(Container)
            .GetBlobsByHierarchyAsync(new() { Delimiter = "/" }, cancellationToken))
        {
            if (item.IsPrefix)
                names.Add(item.Prefix.TrimEnd('/'));
        }

        return names;
    }

    public Task<Schedule?> FindAsync(string name, CancellationToken cancellationToken) =>
        blobs.FindAsync(Container, ScheduleBlob(name), OrchestrationsJson.Default.Schedule, cancellationToken);

    public Task WriteAsync(Schedule schedule, CancellationToken cancellationToken) =>
        blobs.WriteAsync(Container, ScheduleBlob(schedule.Name), schedule, OrchestrationsJson.Default.Schedule, cancellationToken);

    /// <summary>Removes the schedule; its firings stay, for they say what was run.</summary>
    public async Task<bool> RemoveAsync(string name, CancellationToken cancellationToken) =>
        await blobs.Blob(Container, ScheduleBlob(name)).DeleteIfExistsAsync(cancellationToken: cancellationToken);

    /// <summary>The newest firings, the newest first.</summary>
    public async Task<IReadOnlyList<StoredFiring>> FiringsAsync(string name, int most, CancellationToken cancellationToken)
    {
        var found = new List<StoredFiring>();
        foreach (var blob in (await blobs.ListAsync(Container, FiringsOf(name), cancellationToken)).Reverse().Take(most))
        {
            var content = await blobs.Blob(Container, blob).DownloadContentAsync(cancellationToken);
            var firing = JsonSerializer.Deserialize(content.Value.Content.ToMemory().Span, OrchestrationsJson.Default.Firing)!;
            found.Add(new(firing, content.Value.Details.ETag));
        }

        return found;
    }

    /// <summary>Records a decision that nobody has taken yet; false where somebody has.</summary>
    public Task<bool> TryDecideAsync(Firing firing, CancellationToken cancellationToken) => blobs.TryCreateAsync(
        Container,
        FiringBlob(firing.Schedule, firing.Scheduled),
        JsonSerializer.SerializeToUtf8Bytes(firing, OrchestrationsJson.Default.Firing),
        cancellationToken);

    /// <summary>Goes on from a firing as it was read; null where somebody else has meanwhile.</summary>
    public async Task<StoredFiring?> TryAdvanceAsync(StoredFiring from, Firing to, CancellationToken cancellationToken)
    {
        try
        {
            var written = await blobs.Blob(Container, FiringBlob(to.Schedule, to.Scheduled)).UploadAsync(
                BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(to, OrchestrationsJson.Default.Firing)),
                new BlobUploadOptions { Conditions = new BlobRequestConditions { IfMatch = from.ETag } },
                cancellationToken);
            return new(to, written.Value.ETag);
        }
        catch (RequestFailedException failure) when (failure.Status is 404 or 409 or 412)
        {
            return null;
        }
    }

    /// <summary>Deletes firings beyond those that are kept.</summary>
    public async Task PruneAsync(string name, CancellationToken cancellationToken)
    {
        var all = await blobs.ListAsync(Container, FiringsOf(name), cancellationToken);
        foreach (var blob in all.Take(Math.Max(0, all.Count - KeptFirings)))
            await blobs.Blob(Container, blob).DeleteIfExistsAsync(cancellationToken: cancellationToken);
    }
}

/// <summary>A firing as it was read.</summary>
public sealed record StoredFiring(Firing Firing, ETag ETag);
