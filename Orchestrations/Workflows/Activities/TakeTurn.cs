using Curriculum.Work;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Orchestrations.Storage;

namespace Orchestrations.Workflows.Activities;

/// <summary>Lines a run up in its hub.</summary>
public sealed class TakeTurn(RunTurns turns, JsonBlobs blobs)
{
    [Function(nameof(TakeTurn))]
    public async Task<Turn> Take([ActivityTrigger] string run, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        var control = await blobs.FindAsync(
            StorageNames.RunsContainer, StorageNames.Control(run), CurriculumJson.Default.RunControl, cancellationToken);
        // A canceled run need not wait: nothing is sent to a worker for it any more, and it is to conclude.
        return control is { Wish: RunWish.Cancel } ? new(0, turns.MaxActive) : await turns.TakeAsync(client, run, cancellationToken);
    }
}
