using Curriculum.Work;
using Microsoft.DurableTask.Client;
using Orchestrations.Storage;
using Orchestrations.Workflows.Activities;

namespace Orchestrations.Runs;

/// <summary>Puts a run's status together from its record, its orchestration and its arms' progress.</summary>
public sealed class RunReader(DataStorage storage, JsonBlobs blobs, ControlBlob controls, OpenWaits waits, RunData data, Incidents incidents)
{
    /// <summary>The run's status, or null where there is no such run.</summary>
    public async Task<RunStatus?> FindAsync(DurableTaskClient client, string run, bool withArms, CancellationToken cancellationToken)
    {
        if (!RunId.IsValid(run)
            || await blobs.FindAsync(StorageNames.RunsContainer, StorageNames.Plan(run), OrchestrationsJson.Default.PlanRecord, cancellationToken) is not { } record)
        {
            return null;
        }

        var instance = await client.GetInstanceAsync(run, getInputsAndOutputs: true, cancellationToken);
        var control = await controls.ReadAsync(run, cancellationToken);
        var status = RunStatus.Of(record, instance, control?.Wish ?? RunWish.Run);
        if ((status.HasEnded || instance is null) && await data.FindPurgeAsync(run, cancellationToken) is { } purge)
            status = status with { State = RunStatus.Purging, Phase = purge.Progress };
        if (!withArms)
            return status;
        var open = await waits.OfRunAsync(RunId.Parse(run), cancellationToken);
        if (open.FirstOrDefault(wait => wait.Kind == WaitKind.Turn)?.Told is { } turn && !status.HasEnded)
            status = status with { Phase = $"waiting for its turn: {turn}" };
        var happened = await incidents.ReadAsync(run, cancellationToken);
        return status with { Arms = await ArmsAsync(run, open, cancellationToken), Incidents = happened.Count > 0 ? happened : null };
    }

    /// <summary>Ids of all runs.</summary>
    public async Task<IReadOnlyList<string>> IdsAsync(CancellationToken cancellationToken)
    {
        await storage.EnsureAsync(cancellationToken);
        var ids = new List<string>();
        await foreach (var item in storage.Blobs.GetBlobContainerClient(StorageNames.RunsContainer)
            .GetBlobsByHierarchyAsync(new() { Delimiter = "/" }, cancellationToken))
        {
            if (item.IsPrefix)
                ids.Add(item.Prefix.TrimEnd('/'));
        }

        return ids;
    }

    private async Task<IReadOnlyList<ArmProgress>> ArmsAsync(string run, IReadOnlyList<OpenWait> open, CancellationToken cancellationToken)
    {
        var arms = new List<ArmProgress>();
        foreach (var name in await blobs.ListAsync(StorageNames.RunsContainer, ArmProgress.Prefix(run), cancellationToken))
        {
            if (await blobs.FindAsync(StorageNames.RunsContainer, name, OrchestrationsJson.Default.ArmProgress, cancellationToken) is { } arm)
                arms.Add(arm);
        }

        foreach (var wait in open.Where(wait => wait.Kind != WaitKind.Turn))
        {
            var at = arms.FindIndex(arm => arm.Arm == wait.Owner.Scope.ToString() && arm.Seed == wait.Owner.Seed);
            if (wait.Told is not { } told)
                continue;
            if (at < 0)
                arms.Add(ArmProgress.Empty(wait.Owner) with { Waiting = told });
            else
                arms[at] = arms[at] with { Waiting = told };
        }

        return arms;
    }
}
