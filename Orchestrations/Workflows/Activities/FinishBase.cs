using Curriculum.Work;
using Microsoft.Azure.Functions.Worker;
using Orchestrations.Storage;

namespace Orchestrations.Workflows.Activities;

/// <summary>Reads the pretrained base out of its work item's result.</summary>
public sealed class FinishBase(WorkDispatch dispatch)
{
    [Function(nameof(FinishBase))]
    public async Task<StateRef> Run([ActivityTrigger] string run, CancellationToken cancellationToken)
    {
        var result = await dispatch.ReadResultAsync(BaseModels.PretrainItem(run), cancellationToken);
        return result.Output is UpdateOutput output
            ? output.State
            : throw new InvalidDataException($"The base was not pretrained ({result.Failure?.Kind}): {result.Failure?.Message}");
    }
}
