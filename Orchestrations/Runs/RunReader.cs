using System.Text.Json.Serialization.Metadata;
using Curriculum.Training;
using Curriculum.Work;
using Microsoft.DurableTask.Client;
using Orchestrations.Storage;
using Orchestrations.Workflows;

namespace Orchestrations.Runs;

/// <summary>Puts a run's status together from its record, its orchestration and its arms' progress.</summary>
/// <remarks>What cannot be read makes that run unreadable, with the reason, and nothing else.</remarks>
public sealed class RunReader(JsonBlobs blobs, ControlBlob controls, RunData data, RunPricing pricing)
{
    /// <summary>The run's status, or null where there is no such run.</summary>
    public async Task<RunStatus?> FindAsync(DurableTaskClient client, string run, bool withArms, CancellationToken cancellationToken)
    {
        if (!RunId.IsValid(run))
            return null;
        // At once: a page of runs waits for the slowest of each, and hardly any of them is absent.
        var (looked, asked, steered) = (
            blobs.LookAsync(StorageNames.RunsContainer, StorageNames.Plan(run), StorageJson.Default.PlanRecord, cancellationToken),
            client.GetInstanceAsync(run, getInputsAndOutputs: true, cancellationToken),
            controls.LookAsync(run, cancellationToken));
        await Task.WhenAll(looked, asked, steered);
        var (stored, instance, control) = (await looked, await asked, await steered);
        if (stored is Stored<PlanRecord>.Absent)
            return null;
        var status = stored is Stored<PlanRecord>.Found { Value: var record }
            ? Of(record, instance, (control as Stored<RunControl>.Found)?.Value.DesiredState ?? DesiredState.Run)
            : new() { Id = run, SubmittedAt = stored.ModifiedAt, State = RunState.Unreadable };
        string[] faults = [.. new[] { (stored as Stored<PlanRecord>.Unreadable)?.Reason, (control as Stored<RunControl>.Unreadable)?.Reason }.OfType<string>()];
        if (faults.Length > 0)
            status = status with { State = RunState.Unreadable, Failures = [.. faults.Select(fault => new RunFailure(FailureKind.Unreadable, fault))] };
        if ((status.HasEnded || faults.Length > 0 || instance is null) && await data.FindPurgeAsync(run, cancellationToken) is { } purge)
            return status with { State = RunState.Purging, Phase = purge.Progress };
        return withArms ? await WithArmsAsync(status, cancellationToken) : status;
    }

    private static RunStatus Of(PlanRecord record, OrchestrationMetadata? instance, DesiredState desired)
    {
        var summary = instance is { RuntimeStatus: OrchestrationRuntimeStatus.Completed } ? instance.ReadOutputAs<RunSummary>() : null;
        return new()
        {
            Id = record.Run,
            Name = record.Plan.Name,
            PlanHash = record.PlanHash,
            SubmittedAt = record.SubmittedAt,
            From = record.From,
            State = StateOf(instance, summary, desired),
            Phase = instance is { RuntimeStatus: OrchestrationRuntimeStatus.Running, SerializedCustomStatus: not null }
                ? instance.ReadCustomStatusAs<string>()
                : null,
            Headline = summary?.Headline,
            Decision = summary?.Decision,
            Failures = summary is { Failures.Count: > 0 } ? summary.Failures
                : EngineFailure.Of(instance) is { } failure ? [new(FailureKind.Run, failure)]
                : null,
            Trainings = record.Plan.Seeds.Count * record.Plan.Arms.Count(arm => arm.Stages.Count > 0),
            BudgetPerArm = record.Plan.Budget.Amount,
        };
    }

    private static RunState StateOf(OrchestrationMetadata? instance, RunSummary? summary, DesiredState desired) => instance?.RuntimeStatus switch
    {
        null or OrchestrationRuntimeStatus.Pending => RunState.Pending,
        OrchestrationRuntimeStatus.Completed => summary?.State ?? RunState.Completed,
        OrchestrationRuntimeStatus.Failed => RunState.Failed,
        OrchestrationRuntimeStatus.Terminated => RunState.Canceled,
        OrchestrationRuntimeStatus.Suspended => RunState.Suspended,
        _ => desired switch
        {
            DesiredState.Cancel => RunState.Canceling,
            DesiredState.Pause => RunState.Paused,
            _ => RunState.Running,
        },
    };

    private async Task<RunStatus> WithArmsAsync(RunStatus status, CancellationToken cancellationToken)
    {
        var faults = new List<Incident>();
        var arms = await ReadAsync(StorageNames.RunsContainer, ProgressBlobs.Prefix(status.Id), StorageJson.Default.ArmProgress, faults, cancellationToken);
        var open = await ReadAsync(StorageNames.WorkContainer, OpenWaits.Prefix(RunId.Parse(status.Id)), StorageJson.Default.OpenWait, faults, cancellationToken);
        var happened = await ReadAsync(StorageNames.RunsContainer, Incidents.Prefix(status.Id), StorageJson.Default.Incident, faults, cancellationToken);
        foreach (var wait in open.Where(wait => wait.Kind != WaitKind.Queue && wait.Description is not null))
        {
            var at = arms.FindIndex(arm => arm.Arm == wait.Owner.Scope.ToString() && arm.Seed == wait.Owner.Seed);
            if (at < 0)
                arms.Add(new() { Arm = wait.Owner.Scope.ToString(), Seed = wait.Owner.Seed, Waiting = wait.Description });
            else
                arms[at] = arms[at] with { Waiting = wait.Description };
        }

        var turn = open.FirstOrDefault(wait => wait.Kind == WaitKind.Queue)?.Description;
        var used = new Usage(arms.Sum(arm => arm.Usage?.Tokens ?? 0), arms.Sum(arm => arm.Usage?.WorkerSeconds ?? 0));
        IReadOnlyList<Incident> told = [.. happened.Concat(faults).OrderBy(incident => incident.At).TakeLast(Incidents.Shown)];
        return status with
        {
            Phase = turn is not null && !status.HasEnded ? $"waiting for its turn: {turn}" : status.Phase,
            Arms = arms,
            Usage = used,
            Cost = pricing.CostOf(used),
            Incidents = told.Count > 0 ? told : null,
        };
    }

    /// <summary>What lies under a prefix; what cannot be read of it is told as an incident.</summary>
    private async Task<List<T>> ReadAsync<T>(
        string container, string prefix, JsonTypeInfo<T> type, List<Incident> faults, CancellationToken cancellationToken)
        where T : class
    {
        var read = new List<T>();
        foreach (var name in await blobs.ListAsync(container, prefix, cancellationToken))
        {
            var stored = await blobs.LookAsync(container, name, type, cancellationToken);
            if (stored is Stored<T>.Found found)
                read.Add(found.Value);
            else if (stored is Stored<T>.Unreadable unreadable)
                faults.Add(new(unreadable.ModifiedAt, unreadable.Reason));
        }

        return read;
    }
}
