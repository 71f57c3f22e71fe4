using Azure;
using Curriculum.Work;
using Microsoft.DurableTask.Client;
using Orchestrations.Storage;
using Orchestrations.Workflows;

namespace Orchestrations.Watching;

/// <summary>One look at one wait: helps it on, says in words what it waits for, or lets go of it where it is over.</summary>
public sealed partial class WaitLook(OpenWaits waits, FrozenRun frozen, ControlBlob control, QueuedRuns turns, ItemLook items, TimeProvider clock, ILogger<WaitLook> log)
{
    /// <summary>An event that was raised is raised again after so long: its orchestration may have been busy, or the event lost.</summary>
    private static readonly TimeSpan RaiseAgain = TimeSpan.FromSeconds(60);

    /// <summary>Looks; returns how long nothing has moved, null where no work is waited for.</summary>
    public async Task<TimeSpan?> AtAsync(DurableTaskClient client, string name, CancellationToken cancellationToken)
    {
        if (await waits.FindAsync(name, cancellationToken) is not var (wait, version))
            return null;
        if (await frozen.FindAsync(wait.Owner.Run, cancellationToken) is null)
        {
            // Its run was purged.
            await waits.TryDeleteAsync(name, version, cancellationToken);
            return null;
        }

        switch (wait.Kind)
        {
            case WaitKind.Queue:
                await AtTurnAsync(client, wait, version, cancellationToken);
                break;
            case WaitKind.Resume:
                if (await SetDesiredStateAsync(wait.Owner.Run, cancellationToken) != DesiredState.Pause)
                    await RaiseAsync(client, wait.Instance, WorkOrchestrator.Event, new Due(wait.Step), cancellationToken);
                else
                    await waits.TryReplaceAsync(wait with { Description = "The run is paused." }, version, cancellationToken);
                break;
            case WaitKind.End:
                await AtEndAsync(client, wait, version, cancellationToken);
                break;
            default:
                return await AtResultsAsync(client, name, wait, version, cancellationToken);
        }

        if (await IsOverAsync(client, wait.Instance, cancellationToken))
            await waits.TryDeleteAsync(name, version, cancellationToken);
        return null;
    }

    private async Task AtTurnAsync(DurableTaskClient client, OpenWait wait, ETag version, CancellationToken cancellationToken)
    {
        var turn = await SetDesiredStateAsync(wait.Owner.Run, cancellationToken) == DesiredState.Cancel
            ? new(0, turns.MaxActive) { IsCanceled = true }
            : await turns.TakeAsync(client, wait.Owner.Run, cancellationToken);
        if (turn.IsCanceled || turn.HasCome)
            await RaiseAsync(client, wait.Instance, QueueWait.Event, turn, cancellationToken);
        else if (turn.InWords != wait.Description)
            await waits.TryReplaceAsync(wait with { Description = turn.InWords }, version, cancellationToken);
    }

    private async Task AtEndAsync(DurableTaskClient client, OpenWait wait, ETag version, CancellationToken cancellationToken)
    {
        if (clock.GetUtcNow() - wait.RaisedAt < RaiseAgain)
            return;
        await RaiseAsync(client, wait.Instance, WorkOrchestrator.Event, new Due(wait.Step, HasEnded: true), cancellationToken);
        await waits.TryReplaceAsync(
            wait with { RaisedAt = clock.GetUtcNow(), Description = "The work has ended; its orchestration was told, has not gone on and was told again." }, version, cancellationToken);
    }

    private async Task<TimeSpan?> AtResultsAsync(DurableTaskClient client, string name, OpenWait wait, ETag version, CancellationToken cancellationToken)
    {
        var seen = await items.AtAsync(wait, cancellationToken);
        var allDone = seen.Done.Count == seen.Items.Count;
        if (allDone && await IsOverAsync(client, wait.Instance, cancellationToken))
        {
            await waits.TryDeleteAsync(name, version, cancellationToken);
            return null;
        }

        // What was stored a moment ago is being reported.
        var raise = allDone && seen.SinceLast >= Watchdog.FirstLook && !(clock.GetUtcNow() - wait.RaisedAt < RaiseAgain);
        if (raise)
            await RaiseAsync(client, wait.Instance, WorkOrchestrator.Event, new Due(wait.Step), cancellationToken);
        if (raise || seen.Description != wait.Description || !seen.Items.SequenceEqual(wait.Items))
        {
            await waits.TryReplaceAsync(
                wait with { Items = seen.Items, RaisedAt = raise ? clock.GetUtcNow() : wait.RaisedAt, Description = seen.Description }, version, cancellationToken);
        }

        return seen.Quiet;
    }

    private async Task<DesiredState> SetDesiredStateAsync(string run, CancellationToken cancellationToken) =>
        (await control.ReadAsync(run, cancellationToken))?.DesiredState ?? DesiredState.Run;

    private static async Task<bool> IsOverAsync(DurableTaskClient client, string instance, CancellationToken cancellationToken) =>
        await client.GetInstanceAsync(instance, getInputsAndOutputs: false, cancellationToken) is null or { IsCompleted: true };

    private async Task RaiseAsync(DurableTaskClient client, string instance, string name, object? payload, CancellationToken cancellationToken)
    {
        if (await IsOverAsync(client, instance, cancellationToken))
            return;
        LogRaised(name, instance);
        await client.RaiseEventAsync(instance, name, payload, cancellationToken);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Raising {Name} for {Instance}, which still waits for it")]
    private partial void LogRaised(string name, string instance);
}
