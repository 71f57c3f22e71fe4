using Curriculum.Work;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Orchestrations.Http;
using Orchestrations.Storage;

namespace Orchestrations.Runs;

/// <summary><c>DELETE /api/runs/{id}</c>: asks a run to stop; it stops at the next progress mark and still concludes.</summary>
public sealed class CancelRun(RunReader reader, ControlBlob control)
{
    [Function(nameof(CancelRun))]
    [Operation("Ask a run to stop; it stops at the next progress mark and still concludes")]
    [Answers(202, typeof(RunStatus), "The run will stop.")]
    [Refuses(404, ProblemCode.UnknownRun)]
    [Refuses(409, ProblemCode.RunHasEnded, ProblemCode.Unreadable)]
    public async Task<IActionResult> Run(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = "runs/{id}")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        string id,
        CancellationToken cancellationToken)
    {
        if (await reader.FindAsync(client, id, withArms: false, cancellationToken) is not { } status)
            return Refusal.UnknownRun(id);
        if (status.State == RunState.Unreadable)
            return Refusal.Unreadable(status);
        if (status.HasEnded || status.State == RunState.Purging)
            return Refusal.Of(409, ProblemCode.RunHasEnded, "The run has ended.", $"Expected a run that is pending or running; {id} is {ApiJson.Code(status.State)}.");
        await control.SetDesiredStateAsync(id, DesiredState.Cancel, "Canceled by a request.", cancellationToken);
        return new JsonReply<RunStatus>(202, status with { State = RunState.Canceling }, ApiJson.Default.RunStatus);
    }
}
