using System.Text.Json;
using Curriculum.Plans;
using Curriculum.Submission;
using Curriculum.Work;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Orchestrations.Storage;
using Orchestrations.Workflows;

namespace Orchestrations.Runs;

/// <summary>Starts runs exactly once: the stored plan decides, the orchestration follows.</summary>
public sealed class RunStarter(DataStorage storage, JsonBlobs blobs, RunData data, RunIndex index, QueuedRuns turns, TimeProvider clock)
{
    private const int StartTries = 4;
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(200);

    private static readonly OrchestrationRuntimeStatus[] EveryStatus =
    [
        OrchestrationRuntimeStatus.Pending, OrchestrationRuntimeStatus.Running, OrchestrationRuntimeStatus.Suspended,
        OrchestrationRuntimeStatus.Completed, OrchestrationRuntimeStatus.Failed, OrchestrationRuntimeStatus.Terminated,
    ];

    /// <summary>Stores the plan under the id and starts its run, or finds the run that the id already has.</summary>
    public Task<StartedRun> StartAsync(DurableTaskClient client, string run, RunPlan plan, CancellationToken cancellationToken) =>
        StartAsync(client, run, plan, from: null, cancellationToken);

    /// <summary>The same for a run that goes on from another.</summary>
    public async Task<StartedRun> StartAsync(
        DurableTaskClient client, string run, RunPlan plan, RunOrigin? from, CancellationToken cancellationToken)
    {
        await storage.EnsureAsync(cancellationToken);
        var record = new PlanRecord(RunId.Parse(run), PlanHash.Of(plan), clock.GetUtcNow(), plan) { From = from };
        var created = await blobs.TryCreateAsync(
            StorageNames.RunsContainer,
            StorageNames.Plan(run),
            JsonSerializer.SerializeToUtf8Bytes(record, StorageJson.Default.PlanRecord),
            cancellationToken);
        if (!created)
        {
            var stored = await blobs.LookAsync(StorageNames.RunsContainer, StorageNames.Plan(run), StorageJson.Default.PlanRecord, cancellationToken);
            if (await data.FindPurgeAsync(run, cancellationToken) is not null)
                return new(run, record.PlanHash, RunStart.Purging);
            switch (stored)
            {
                case Stored<PlanRecord>.Found { Value: var found } when found.PlanHash != record.PlanHash || found.From != from:
                    return new(run, found.PlanHash, RunStart.OtherPlan);
                case Stored<PlanRecord>.Found { Value: var found }:
                    record = found;
                    break;
                case Stored<PlanRecord>.Unreadable unreadable:
                    return new(run, record.PlanHash, RunStart.Unreadable) { Fault = unreadable.Reason };
                default:
                    // Purged to its end meanwhile: the key is free.
                    return await StartAsync(client, run, plan, from, cancellationToken);
            }
        }

        await index.AddAsync(run, record.SubmittedAt, cancellationToken);
        // Also when the record was there: a crash between the record and the start leaves one without a run.
        if (await client.GetInstanceAsync(run, getInputsAndOutputs: false, cancellationToken) is null)
        {
            await ScheduleAsync(client, run, cancellationToken);
            // In the order of submissions, whichever orchestration begins first.
            await turns.TakeAsync(client, run, cancellationToken);
        }

        return new(run, record.PlanHash, created ? RunStart.Started : RunStart.Existing);
    }

    private async Task ScheduleAsync(DurableTaskClient client, string run, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await client.ScheduleNewOrchestrationInstanceAsync(
                    nameof(RunOrchestrator),
                    input: null,
                    new StartOrchestrationOptions { InstanceId = run }.WithDedupeStatuses(EveryStatus),
                    cancellationToken);
                return;
            }
            catch (Exception) when (!cancellationToken.IsCancellationRequested)
            {
                // Each backend names "already exists" with an exception of its own; that the instance is there is what counts.
                if (await client.GetInstanceAsync(run, getInputsAndOutputs: false, cancellationToken) is not null)
                    return;
                // Of starts at once one may be refused before the other can be seen.
                if (tries == StartTries)
                    throw;
                await Task.Delay(BetweenTries * tries, clock, cancellationToken);
            }
        }
    }
}

/// <summary>What a start came to.</summary>
public sealed record StartedRun(string Run, string PlanHash, RunStart Start)
{
    /// <summary>Why the stored plan cannot be read, where it cannot.</summary>
    public string? Fault { get; init; }
}

/// <summary>The ways in which a start ends.</summary>
public enum RunStart
{
    Started,
    Existing,
    OtherPlan,

    /// <summary>The id's last run is being deleted.</summary>
    Purging,

    /// <summary>The id has a plan that cannot be read.</summary>
    Unreadable,
}
