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
        await PurgeOthersAsync(client, run, cancellationToken);
        await DeleteAsync(StorageNames.RunsContainer, StorageNames.Plan(run), cancellationToken);
    }

    /// <summary>
    /// What is not below the run's own orchestration: its announcements, which would not be made again under the same id, and what earlier generations of a
    /// stage had begun.
    /// </summary>
    private static async Task PurgeOthersAsync(DurableTaskClient client, string run, CancellationToken cancellationToken)
    {
        var others = new List<OrchestrationMetadata>();
        await foreach (var other in client.GetAllInstancesAsync(new OrchestrationQuery { InstanceIdPrefix = $"{run}:" }).WithCancellation(cancellationToken))
            others.Add(other);
        foreach (var other in others)
        {
            if (!other.IsCompleted)
                await EndAsync(client, other.InstanceId, cancellationToken);
            await client.PurgeInstanceAsync(other.InstanceId, new PurgeInstanceOptions(Recursive: true), cancellationToken);
        }
    }

    private static async Task EndAsync(DurableTaskClient client, string instance, CancellationToken cancellationToken)
    {
        try
        {
            await client.TerminateInstanceAsync(instance, output: "The run was purged.", cancellationToken);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Each backend names "has ended" with an exception of its own.
            if (await client.GetInstanceAsync(instance, getInputsAndOutputs: false, cancellationToken) is { IsCompleted: false })
                throw;
        }

        if (await client.GetInstanceAsync(instance, getInputsAndOutputs: false, cancellationToken) is { IsCompleted: false })
            await client.WaitForInstanceCompletionAsync(instance, getInputsAndOutputs: false, cancellationToken);
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
