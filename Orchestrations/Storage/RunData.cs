using Azure;
using Curriculum.Work;
using Microsoft.DurableTask.Client;

namespace Orchestrations.Storage;

/// <summary>Everything that a run has stored, and its deletion.</summary>
public sealed class RunData(JsonBlobs blobs)
{
    private static readonly ParallelOptions Deletions = new() { MaxDegreeOfParallelism = 16 };

    /// <summary>Deletes the run's blobs, its work and its orchestrations; the plan is last, so that an interrupted purge can be asked for again.</summary>
    public async Task PurgeAsync(DurableTaskClient client, string run, CancellationToken cancellationToken)
    {
        await DeleteAsync(StorageNames.WorkContainer, $"{run}/", cancellationToken);
        await DeleteAsync(StorageNames.RunsContainer, $"{run}/", cancellationToken, but: StorageNames.Plan(run));
        await client.PurgeInstanceAsync(run, new PurgeInstanceOptions(Recursive: true), cancellationToken);
        await DeleteAsync(StorageNames.RunsContainer, StorageNames.Plan(run), cancellationToken);
    }

    private async Task DeleteAsync(string container, string prefix, CancellationToken cancellationToken, string? but = null)
    {
        var names = await blobs.ListAsync(container, prefix, cancellationToken);
        await Parallel.ForEachAsync(
            names.Where(name => name != but),
            Deletions,
            async (name, _) =>
            {
                try
                {
                    await blobs.Blob(container, name).DeleteIfExistsAsync(cancellationToken: cancellationToken);
                }
                catch (RequestFailedException failure) when (failure.Status == 404)
                {
                    // Deleted by a purge that was asked for twice.
                }
            });
        blobs.Forget($"{container}/{prefix}");
    }
}
