using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Orchestrations.Storage;

namespace Orchestrations.Purging;

/// <summary>The steps of a purge.</summary>
public sealed class PurgeSteps(RunData data)
{
    /// <summary>Orchestrations of one step: each is a number of table rows that are deleted one by one.</summary>
    private const int InstancesPerStep = 8;

    [Function(nameof(DeleteBlobs))]
    public Task DeleteBlobs([ActivityTrigger] string run, CancellationToken cancellationToken) => data.DeleteBlobsAsync(run, cancellationToken);

    /// <summary>Says how many are left.</summary>
    [Function(nameof(PurgeInstances))]
    public Task<int> PurgeInstances([ActivityTrigger] string run, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        data.PurgeInstancesAsync(client, run, InstancesPerStep, cancellationToken);

    [Function(nameof(EndPurge))]
    public Task EndPurge([ActivityTrigger] string run, CancellationToken cancellationToken) => data.EndPurgeAsync(run, cancellationToken);
}
