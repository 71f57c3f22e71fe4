using Curriculum.Work;
using Microsoft.Azure.Functions.Worker;
using Orchestrations.Storage;

namespace Orchestrations.Workflows.Activities;

/// <summary>Says whether a run that broke off was canceled: what it waited for then ended for that.</summary>
public sealed class IsCanceled(ControlBlob control)
{
    [Function(nameof(IsCanceled))]
    public async Task<bool> Run([ActivityTrigger] RunId run, CancellationToken cancellationToken) =>
        await control.LookAsync(run, cancellationToken) is Stored<RunControl>.Found { Value.DesiredState: DesiredState.Cancel };
}
