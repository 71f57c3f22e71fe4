using System.Text.Json;
using Azure;
using Azure.Storage.Blobs.Models;
using Curriculum.Work;

namespace Orchestrations.Storage;

/// <summary>What people wish of runs, in <c>{run}/control</c>: changed under its ETag, so that no wish overwrites another unseen.</summary>
public sealed class ControlBlob(JsonBlobs blobs)
{
    /// <summary>What is wished of a run; null where nobody said anything.</summary>
    public Task<RunControl?> ReadAsync(string run, CancellationToken cancellationToken) => blobs.FindAsync(
        StorageNames.RunsContainer, StorageNames.Control(run), CurriculumJson.Default.RunControl, cancellationToken);

    /// <summary>Stores a wish and returns the one that stands: a cancellation is never taken back.</summary>
    public async Task<RunWish> WishAsync(string run, RunWish wish, string reason, CancellationToken cancellationToken)
    {
        var blob = blobs.Blob(StorageNames.RunsContainer, StorageNames.Control(run));
        while (true)
        {
            var (version, condition) = (1, new BlobRequestConditions { IfNoneMatch = ETag.All });
            if (await blob.ExistsAsync(cancellationToken))
            {
                var stored = await blob.DownloadContentAsync(cancellationToken);
                var control = JsonSerializer.Deserialize(stored.Value.Content.ToMemory().Span, CurriculumJson.Default.RunControl)!;
                if (control.Wish == RunWish.Cancel || control.Wish == wish)
                    return control.Wish;
                (version, condition) = (control.Version + 1, new BlobRequestConditions { IfMatch = stored.Value.Details.ETag });
            }

            try
            {
                var next = new RunControl { Version = version, Wish = wish, Reason = reason };
                await blob.UploadAsync(
                    BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(next, CurriculumJson.Default.RunControl)),
                    new BlobUploadOptions { Conditions = condition },
                    cancellationToken);
                return wish;
            }
            catch (RequestFailedException failure) when (failure.Status is 409 or 412)
            {
                // Another wish came first: read it and decide again.
            }
        }
    }
}
