using Curriculum.Work;

namespace Orchestrations.Storage;

/// <summary>Reads the claims of work items by the storage's clock.</summary>
public sealed class WorkClaims(JsonBlobs blobs, TimeProvider clock)
{
    /// <summary>Storage stamps whole seconds, of which the end is taken.</summary>
    private static readonly TimeSpan Stamp = TimeSpan.FromSeconds(1);

    /// <summary>An item's claim, or null; one that cannot be read is none, for claims decide nothing but whether a worker is thought to be there.</summary>
    /// <remarks>
    /// Its last progress is when the storage last saw it written, as this host's clock would put it: a worker whose clock is wrong is neither
    /// stalled for it nor kept from being so.
    /// </remarks>
    public async Task<WorkClaim?> FindAsync(WorkItemId id, CancellationToken cancellationToken) =>
        await blobs.LookAsync(StorageNames.WorkContainer, StorageNames.Claim(id), CurriculumJson.Default.WorkClaim, cancellationToken) is Stored<WorkClaim>.Found claim
            ? claim.Value with { LastProgress = clock.GetUtcNow() - (claim.Age > Stamp ? claim.Age - Stamp : TimeSpan.Zero) }
            : null;
}
