using Curriculum.Work;
using Microsoft.DurableTask.Client;
using Orchestrations.Storage;

namespace Orchestrations.Runs;

/// <summary>Runs that go on from another one.</summary>
public sealed class RunChildren(RunReader reader, JsonBlobs blobs)
{
    /// <summary>A retry or fork that has not copied yet what it goes on from, since it waits for its turn, say; null where there is none.</summary>
    public async Task<string?> NeedingAsync(DurableTaskClient client, string run, CancellationToken cancellationToken)
    {
        foreach (var id in await reader.IdsAsync(cancellationToken))
        {
            var record = await blobs.FindAsync(StorageNames.RunsContainer, StorageNames.Plan(id), OrchestrationsJson.Default.PlanRecord, cancellationToken);
            if (record?.From?.Run is { } from && from == run
                && !await blobs.Blob(StorageNames.RunsContainer, RunContinuation.Blob(id)).ExistsAsync(cancellationToken)
                && await reader.FindAsync(client, id, withArms: false, cancellationToken) is { HasEnded: false })
            {
                return id;
            }
        }

        return null;
    }
}
