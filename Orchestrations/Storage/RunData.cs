using Curriculum.Work;
using Microsoft.DurableTask.Client;

namespace Orchestrations.Storage;

/// <summary>Everything that a run has stored, and its deletion: in steps, each of which may be done twice.</summary>
public sealed class RunData(JsonBlobs blobs, RunIndex index, TimeProvider clock)
{
    private static readonly ParallelOptions Deletions = new() { MaxDegreeOfParallelism = 16 };

    /// <summary>How a purge stands; null where none was asked for.</summary>
    public async Task<Purge?> FindPurgeAsync(string run, CancellationToken cancellationToken) =>
        await blobs.LookAsync(StorageNames.RunsContainer, Marker(run), StorageJson.Default.Purge, cancellationToken) switch
        {
            Stored<Purge>.Found found => found.Value,
            // That it is there is what counts.
            Stored<Purge>.Unreadable unreadable => new(unreadable.ModifiedAt, "How far it is cannot be read."),
            _ => null,
        };

    /// <summary>Marks the run as one that goes: its status says so from here on.</summary>
    public async Task<Purge> BeginAsync(string run, CancellationToken cancellationToken)
    {
        if (await FindPurgeAsync(run, cancellationToken) is { } begun)
            return begun;
        var purge = new Purge(clock.GetUtcNow(), "It is about to begin.");
        await blobs.WriteAsync(StorageNames.RunsContainer, Marker(run), purge, StorageJson.Default.Purge, cancellationToken);
        return purge;
    }

    /// <summary>Deletes the run's work, states and conclusions; its plan and the mark of the purge stay.</summary>
    public async Task DeleteBlobsAsync(string run, CancellationToken cancellationToken)
    {
        await TellAsync(run, "Deleting what it stored.", cancellationToken);
        await DeleteAsync(StorageNames.WorkContainer, OpenWaits.Prefix(RunId.Parse(run)), cancellationToken);
        await DeleteAsync(StorageNames.WorkContainer, $"{run}/", cancellationToken);
        await DeleteAsync(StorageNames.RunsContainer, $"{run}/", cancellationToken, StorageNames.Plan(run), Marker(run));
    }

    /// <summary>Purges some of the run's orchestrations, and says how many are left.</summary>
    /// <remarks>The run's own is the last, so that a run that is half gone is still known to have ended.</remarks>
    public async Task<int> PurgeInstancesAsync(DurableTaskClient client, string run, int most, CancellationToken cancellationToken)
    {
        var instances = new List<OrchestrationMetadata>();
        await foreach (var other in client.GetAllInstancesAsync(new OrchestrationQuery { InstanceIdPrefix = $"{run}:" }).WithCancellation(cancellationToken))
            instances.Add(other);
        if (await client.GetInstanceAsync(run, getInputsAndOutputs: false, cancellationToken) is { } own)
            instances.Add(own);
        await TellAsync(run, FormattableString.Invariant($"Deleting its orchestrations: {instances.Count} left."), cancellationToken);
        foreach (var instance in instances.Take(most))
        {
            if (!instance.IsCompleted)
                await EndAsync(client, instance.InstanceId, cancellationToken);
            await client.PurgeInstanceAsync(instance.InstanceId, cancellationToken);
        }

        return Math.Max(0, instances.Count - most);
    }

    /// <summary>Deletes the plan and then the mark: only now may the id be used again.</summary>
    public async Task EndPurgeAsync(string run, CancellationToken cancellationToken)
    {
        // A run that was not over when its purge began may have stored something since.
        await DeleteBlobsAsync(run, cancellationToken);
        // Longer than any process takes the plan for what it was: see FrozenCache.
        var since = clock.GetUtcNow() - (await BeginAsync(run, cancellationToken)).BegunAt;
        if (since < FrozenCache.Trusted * 2)
            await Task.Delay((FrozenCache.Trusted * 2) - since, clock, cancellationToken);
        await index.RemoveAsync(run, cancellationToken);
        await blobs.TryDeleteAsync(StorageNames.RunsContainer, StorageNames.Plan(run), cancellationToken);
        await blobs.TryDeleteAsync(StorageNames.RunsContainer, Marker(run), cancellationToken);
    }

    private Task TellAsync(string run, string progress, CancellationToken cancellationToken) => ChangeAsync(run, purge => purge with { Progress = progress }, cancellationToken);

    private async Task ChangeAsync(string run, Func<Purge, Purge> change, CancellationToken cancellationToken) => await blobs.WriteAsync(
        StorageNames.RunsContainer, Marker(run), change(await BeginAsync(run, cancellationToken)), StorageJson.Default.Purge, cancellationToken);

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

    private async Task DeleteAsync(string container, string prefix, CancellationToken cancellationToken, params string[] but)
    {
        var names = await blobs.ListAsync(container, prefix, cancellationToken);
        await Parallel.ForEachAsync(
            names.Where(name => !but.Contains(name)),
            Deletions,
            async (name, _) => await blobs.TryDeleteAsync(container, name, cancellationToken));
    }

    private static string Marker(string run) => $"{run}/purge.json";
}

/// <summary>A purge that goes on.</summary>
/// <param name="Progress">What it does at the moment, in words.</param>
public sealed record Purge(DateTimeOffset BegunAt, string Progress);
