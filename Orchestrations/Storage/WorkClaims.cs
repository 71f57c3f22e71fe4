using System.Text.Json;
using Azure;
using Curriculum.Work;

namespace Orchestrations.Storage;

/// <summary>Reads the claims of work items by the storage's clock.</summary>
public sealed class WorkClaims(JsonBlobs blobs, TimeProvider clock)
{
    /// <summary>An item's claim, or null.</summary>
    /// <remarks>
    /// Its last progress is when the storage last saw it written, as this host's clock would put it: a worker whose clock is wrong is neither
    /// silent for it nor kept from being so. Storage stamps whole seconds, of which the end is taken.
    /// </remarks>
    public async Task<WorkClaim?> FindAsync(string id, CancellationToken cancellationToken)
    {
        try
        {
            var stored = await blobs.Blob(StorageNames.WorkContainer, StorageNames.Claim(id)).DownloadContentAsync(cancellationToken);
            var claim = JsonSerializer.Deserialize(stored.Value.Content.ToMemory().Span, CurriculumJson.Default.WorkClaim);
            var age = stored.GetRawResponse().Headers.Date - stored.Value.Details.LastModified - TimeSpan.FromSeconds(1) ?? TimeSpan.Zero;
            return claim is null ? null : claim with { LastProgress = clock.GetUtcNow() - (age > TimeSpan.Zero ? age : TimeSpan.Zero) };
        }
        catch (RequestFailedException failure) when (failure.Status == 404)
        {
            return null;
        }
        catch (JsonException)
        {
            // Claims decide nothing but whether a worker is thought to be there.
            return null;
        }
    }
}
