using Curriculum.Work;
using GpuWorker.Execution;

namespace GpuWorker.Worker;

/// <summary>Takes an item to its output: reads what it refers to, computes, stores the state that came of it.</summary>
internal sealed class ItemExecution(InputLoader inputs, ItemComputation computation, StateWriter states)
{
    /// <summary>The item's output, its state stored; null where the watch wanted the computation to yield.</summary>
    public async Task<WorkOutput?> RunAsync(WorkItem item, ItemWatch watch, StopTokens stop)
    {
        try
        {
            var loaded = await inputs.LoadAsync(item, () => watch.MarkAsync(0, stop.Over), stop.Asked);
            if (watch.Yield is not null)
                return null;
            return await computation.RunAsync(item, loaded, watch, stop) switch
            {
                ComputedOutput computed => computed.Output,
                ComputedState state => state.ToOutput(
                    await states.WriteAsync(OutputFolder(item), state.Parts, () => watch.MarkAsync(1, stop.Over), stop.Over)),
                var other => throw new InvalidOperationException($"Expected an output or a state, the executor gave {other.GetType().Name}."),
            };
        }
        catch (OperationCanceledException) when (watch.Yield is not null)
        {
            return null;
        }
    }

    private static string OutputFolder(WorkItem item) => item switch
    {
        UpdateItem update => update.OutputFolder,
        PretrainItem pretrain => pretrain.OutputFolder,
        _ => throw new InvalidOperationException($"Expected no state of {item.GetType().Name} {item.Id}, the executor gave one."),
    };
}
