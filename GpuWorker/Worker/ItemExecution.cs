using Curriculum.Work;
using GpuWorker.Items;

namespace GpuWorker.Worker;

/// <summary>Executes an item: reads its inputs, computes, and stores the new state if there is one.</summary>
internal sealed class ItemExecution(InputLoader inputs, StateLoader loader, ItemComputation computation, StateWriter states, ModelImport models)
{
    /// <summary>The item's output, its state stored; null if the computation was asked to yield.</summary>
    public async Task<WorkOutput?> RunAsync(WorkItem item, ItemHeartbeat heartbeat, ShutdownTokens shutdown)
    {
        try
        {
            if (item is ImportItem import)
                return await models.RunAsync(import, () => heartbeat.BeatAsync(0, shutdown.Deadline), shutdown.Requested);
            var loaded = await inputs.LoadAsync(item, () => heartbeat.BeatAsync(0, shutdown.Deadline), shutdown.Requested);
            if (heartbeat.Yield is not null)
                return null;
            return await computation.RunAsync(item, loaded, heartbeat, shutdown) switch
            {
                ComputedOutput computed => computed.Output,
                ComputedState state => state.ToOutput(await StoreAsync(item, state, loaded, heartbeat, shutdown.Deadline)),
                _ => throw new InvalidOperationException($"Expected an output or a state of {item.Id}, the executor gave neither."),
            };
        }
        catch (OperationCanceledException) when (heartbeat.Yield is not null)
        {
            return null;
        }
    }

    private async Task<StateRef> StoreAsync(WorkItem item, ComputedState state, LoadedInputs loaded, ItemHeartbeat heartbeat, CancellationToken cancellationToken)
    {
        var parts = state.Parts.ToDictionary();
        Dictionary<string, StatePart> shared = [];
        if (state.Unchanged.Count > 0 && item is UpdateItem { State: var before })
        {
            // Parts that lie with the base stay there; parts of a state that will be deleted are stored again.
            var manifest = await loader.ReadManifestAsync(before, cancellationToken);
            foreach (var name in state.Unchanged)
            {
                if (manifest.Parts[name] is var part && (part.Folder is not null || before.Folder.EndsWith("/base", StringComparison.Ordinal)))
                    shared.Add(name, part.Of(before.Folder));
                else
                    parts.Add(name, loaded.Part(name));
            }
        }

        return await states.WriteAsync(OutputFolder(item), parts, shared, loaded.Precision, () => heartbeat.BeatAsync(1, cancellationToken), cancellationToken);
    }

    private static string OutputFolder(WorkItem item) => item switch
    {
        UpdateItem update => update.OutputFolder,
        PretrainItem pretrain => pretrain.OutputFolder,
        _ => throw new InvalidOperationException($"Expected no state of {item.Id}, the executor gave one."),
    };
}
