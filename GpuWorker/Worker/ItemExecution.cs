using Curriculum.Work;
using GpuWorker.Execution;

namespace GpuWorker.Worker;

/// <summary>Takes an item to its output: reads what it refers to, computes, stores the state that came of it.</summary>
internal sealed class ItemExecution(InputLoader inputs, StateLoader loader, ItemComputation computation, StateWriter states, ModelImport models)
{
    /// <summary>The item's output, its state stored; null where the watch wanted the computation to yield.</summary>
    public async Task<WorkOutput?> RunAsync(WorkItem item, ItemWatch watch, StopTokens stop)
    {
        try
        {
            if (item is ImportItem import)
                return await models.RunAsync(import, () => watch.MarkAsync(0, stop.Over), stop.Asked);
            var loaded = await inputs.LoadAsync(item, () => watch.MarkAsync(0, stop.Over), stop.Asked);
            if (watch.Yield is not null)
                return null;
            return await computation.RunAsync(item, loaded, watch, stop) switch
            {
                ComputedOutput computed => computed.Output,
                ComputedState state => state.ToOutput(await StoreAsync(item, state, loaded, watch, stop.Over)),
                _ => throw new InvalidOperationException($"Expected an output or a state of {item.Id}, the executor gave neither."),
            };
        }
        catch (OperationCanceledException) when (watch.Yield is not null)
        {
            return null;
        }
    }

    private async Task<StateRef> StoreAsync(WorkItem item, ComputedState state, LoadedInputs loaded, ItemWatch watch, CancellationToken cancellationToken)
    {
        var parts = state.Parts.ToDictionary();
        Dictionary<string, StatePart> shared = [];
        if (state.Unchanged.Count > 0 && item is UpdateItem { State: var before })
        {
            // What lies with the base stays there; what lies with a state that will go is stored again.
            var manifest = await loader.ReadManifestAsync(before, cancellationToken);
            foreach (var name in state.Unchanged)
            {
                if (manifest.Parts[name] is var part && (part.Folder is not null || before.Folder.EndsWith("/base", StringComparison.Ordinal)))
                    shared.Add(name, part.Of(before.Folder));
                else
                    parts.Add(name, loaded.Part(name));
            }
        }

        return await states.WriteAsync(OutputFolder(item), parts, shared, loaded.Precision, () => watch.MarkAsync(1, cancellationToken), cancellationToken);
    }

    private static string OutputFolder(WorkItem item) => item switch
    {
        UpdateItem update => update.OutputFolder,
        PretrainItem pretrain => pretrain.OutputFolder,
        _ => throw new InvalidOperationException($"Expected no state of {item.Id}, the executor gave one."),
    };
}
