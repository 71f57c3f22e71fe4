using Curriculum.Work;
using Microsoft.DurableTask.Client;
using Orchestrations.Storage;

namespace Orchestrations.Runs;

/// <summary>Runs that go on from another one.</summary>
public sealed class RunChildren(RunReader reader, QueuedRuns turns, JsonBlobs blobs)
{
    /// <summary>A retry or fork that has not copied yet what it goes on from, since it waits for its turn, say; null where there is none.</summary>
    public async Task<string?> NeedingAsync(DurableTaskClient client, string run, CancellationToken cancellationToken)
    {
        // Only a run that has not ended copies anything, and each of those stands in the line.
        foreach (var id in await turns.LineAsync(cancellationToken))
        {
            if (await reader.FindAsync(client, id, withArms: false, cancellationToken) is { HasEnded: false } child && child.From?.Run == run
                && !await blobs.ExistsAsync(StorageNames.RunsContainer, RunContinuation.Blob(id), cancellationToken))
            {
                return id;
            }
        }

        return null;
    }
}
