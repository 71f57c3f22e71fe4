using Azure;
using Curriculum.Work;

namespace Orchestrations.Storage;

/// <summary>The waits of all orchestrations: one blob for each, which the next wait of the same orchestration overwrites.</summary>
public sealed class OpenWaits(JsonBlobs blobs)
{
    /// <summary>No run's id begins with a dot.</summary>
    internal const string Everything = ".open/";

    /// <summary>The waits of one run.</summary>
    public static string Prefix(RunId run) => $"{Everything}{run}/";

    public Task WriteAsync(OpenWait wait, CancellationToken cancellationToken) =>
        blobs.WriteAsync(StorageNames.WorkContainer, Name(wait), wait, StorageJson.Default.OpenWait, cancellationToken);

    /// <summary>Names of all waits, and how long ago each was written, by the storage's clock.</summary>
    public Task<IReadOnlyDictionary<string, TimeSpan>> AgesAsync(CancellationToken cancellationToken) => blobs.AgesAsync(StorageNames.WorkContainer, Everything, cancellationToken);

    /// <summary>A wait and its version; null where it is over.</summary>
    public async Task<(OpenWait Wait, ETag Version)?> FindAsync(string name, CancellationToken cancellationToken) =>
        await blobs.LookAsync(StorageNames.WorkContainer, name, StorageJson.Default.OpenWait, cancellationToken) switch
        {
            Stored<OpenWait>.Found found => (found.Value, found.Version!.Value),
            Stored<OpenWait>.Unreadable unreadable => throw new UnreadableBlobException(unreadable.Reason),
            _ => null,
        };

    /// <summary>What an orchestration waits for; null where it waits for nothing.</summary>
    public async Task<OpenWait?> FindAsync(RunId run, string instance, CancellationToken cancellationToken) =>
        (await FindAsync($"{Prefix(run)}{instance}", cancellationToken))?.Wait;

    /// <summary>Changes a wait unless its orchestration has begun another meanwhile, which is looked at in its turn.</summary>
    public Task TryReplaceAsync(OpenWait wait, ETag version, CancellationToken cancellationToken) => blobs.TryReplaceAsync(
        StorageNames.WorkContainer, Name(wait), wait, StorageJson.Default.OpenWait, version, cancellationToken);

    /// <summary>Lets go of a wait that is over, unless its orchestration has begun another meanwhile.</summary>
    public Task TryDeleteAsync(string name, ETag version, CancellationToken cancellationToken) =>
        blobs.TryDeleteAsync(StorageNames.WorkContainer, name, cancellationToken, version);

    /// <summary>Notes that an orchestration has been told that its work has ended: as long as it has not gone on, it is told again.</summary>
    public async Task ToldAsync(RunId run, string instance, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (await FindAsync(run, instance, cancellationToken) is { } wait)
            await WriteAsync(wait with { Kind = WaitKind.End, Items = [], RaisedAt = at, Description = null }, cancellationToken);
    }

    /// <summary>Lets go of the wait of an orchestration that goes on without another.</summary>
    public Task EndAsync(RunId run, string instance, CancellationToken cancellationToken) =>
        blobs.TryDeleteAsync(StorageNames.WorkContainer, $"{Prefix(run)}{instance}", cancellationToken);

    private static string Name(OpenWait wait) => $"{Prefix(wait.Owner.Run)}{wait.Instance}";
}
