using Curriculum.Work;
using Microsoft.Azure.Functions.Worker;
using Orchestrations.Storage;

namespace Orchestrations.Workflows.Activities;

/// <summary>Reads the imported or pretrained base out of its work item's result.</summary>
public sealed class FinishBase(WorkDispatch dispatch, FrozenRun frozen, OpenWaits waits)
{
    [Function(nameof(FinishBase))]
    public async Task<StateRef> Run([ActivityTrigger] string run, CancellationToken cancellationToken)
    {
        var plan = await frozen.PlanAsync(run, cancellationToken);
        var result = await dispatch.ReadResultAsync(BaseModels.Item(run, plan), cancellationToken);
        await waits.EndAsync(run, run, cancellationToken);
        return result.Output is UpdateOutput output
            ? output.State
            : throw new InvalidDataException($"There is no base to begin with ({result.Failure?.Kind}): {result.Failure?.Message}");
    }
}
