using Curriculum.Work;
using GpuWorker.Checkpoints;
using GpuWorker.Items;
using GpuWorker.Telemetry;

namespace GpuWorker.Worker;

/// <summary>Executes an item: reads its inputs, computes, and stores the new state if there is one.</summary>
internal sealed class ItemExecution(InputLoader inputs, StateLoader loader, ItemComputation computation, StateWriter states, StageBlobs stages, ModelImport models)
{
    /// <summary>The item's output, its state stored; null if the computation was asked to yield.</summary>
    public async Task<WorkOutput?> RunAsync(WorkItem item, ItemHeartbeat heartbeat, ItemTurns.ItemTurn turn, ShutdownTokens shutdown)
    {
        try
        {
            var loaded = item is ImportItem ? LoadedInputs.None : await LoadAsync(item, heartbeat, shutdown);
            if (heartbeat.Yield is null && !await TakeTurnAsync(item, turn, shutdown))
                heartbeat.GiveWay();
            if (heartbeat.Yield is not null)
                return null;
            if (item is ImportItem import)
                return await models.RunAsync(import, () => heartbeat.BeatAsync(0, shutdown.Deadline), shutdown.Requested);
            var computed = await computation.RunAsync(item, loaded, heartbeat, turn, shutdown);
            return computed switch
            {
                ComputedOutput output => output.Output,
                ComputedStage stage when item is ColocatedItem colocated => await StoreAsync(colocated, stage, heartbeat, shutdown.Deadline),
                ComputedState state => state.ToOutput(await StoreAsync(item, state, loaded, heartbeat, shutdown.Deadline)),
                _ => throw new InvalidOperationException($"Expected an output or a state of {item.Id}, the executor gave neither."),
            };
        }
        catch (OperationCanceledException) when (heartbeat.Yield is not null)
        {
            return null;
        }
    }

    private async Task<LoadedInputs> LoadAsync(WorkItem item, ItemHeartbeat heartbeat, ShutdownTokens shutdown)
    {
        using var phase = ItemSpans.Phase(ItemSpans.Load);
        return await inputs.LoadAsync(item, () => heartbeat.BeatAsync(0, shutdown.Deadline), shutdown.Requested);
    }

    private static async Task<bool> TakeTurnAsync(WorkItem item, ItemTurns.ItemTurn turn, ShutdownTokens shutdown)
    {
        using var phase = ItemSpans.Phase(ItemSpans.Turn);
        return await turn.TryEnterAsync(item.Id.Kind, shutdown.Requested);
    }

    private async Task<StateRef> StoreAsync(WorkItem item, ComputedState state, LoadedInputs loaded, ItemHeartbeat heartbeat, CancellationToken cancellationToken)
    {
        using var phase = ItemSpans.Phase(ItemSpans.StoreState);
        var named = item is UpdateItem { State: var before } && state.Unchanged.Count > 0
            ? NextState.Of(OutputFolder(item), state, before, await loader.ReadManifestAsync(before, cancellationToken), loaded)
            : NamedState.Of(OutputFolder(item), state.Parts, new Dictionary<string, StatePart>(), loaded.Precision);
        return await states.WriteAsync(named, () => heartbeat.BeatAsync(1, cancellationToken), cancellationToken);
    }

    /// <summary>The checkpoints first, then what names them.</summary>
    private async Task<ColocatedOutput> StoreAsync(ColocatedItem item, ComputedStage stage, ItemHeartbeat heartbeat, CancellationToken cancellationToken)
    {
        using var phase = ItemSpans.Phase(ItemSpans.StoreState);
        foreach (var state in stage.States)
            await states.ReplaceAsync(state, () => heartbeat.BeatAsync(1, cancellationToken), cancellationToken);
        return new(await stages.WriteAsync(item, stage.Done, cancellationToken), stage.Iterations, stage.Done.Iterations.Sum(iteration => iteration.RolloutTokens + iteration.TrainedTokens));
    }

    private static string OutputFolder(WorkItem item) => item switch
    {
        UpdateItem update => update.OutputFolder,
        PretrainItem pretrain => pretrain.OutputFolder,
        _ => throw new InvalidOperationException($"Expected no state of {item.Id}, the executor gave one."),
    };
}
