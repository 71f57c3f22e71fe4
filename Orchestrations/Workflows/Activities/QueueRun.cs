using Curriculum.Work;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Orchestrations.Storage;

namespace Orchestrations.Workflows.Activities;

/// <summary>Lines a run up in its hub, and has the watchdog tell it when its turn has come.</summary>
public sealed class QueueRun(QueuedRuns turns, ControlBlob control, OpenWaits waits)
{
    [Function(nameof(QueueRun))]
    public async Task<QueuePlace> Take([ActivityTrigger] RunId run, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (await control.ReadAsync(run, cancellationToken) is { DesiredState: DesiredState.Cancel })
            return new(0, turns.MaxActive) { IsCanceled = true };
        var turn = await turns.TakeAsync(client, run, cancellationToken);
        if (!turn.HasCome)
        {
            await waits.WriteAsync(
                new() { Instance = run, Owner = WorkOwner.OfRun(run, WorkScope.Queue), Kind = WaitKind.Queue, Description = turn.InWords }, cancellationToken);
        }

        return turn;
    }
}
