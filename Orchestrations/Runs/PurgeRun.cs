using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Orchestrations.Storage;

namespace Orchestrations.Runs;

/// <summary><c>POST /api/runs/{id}/purge</c>: deletes everything of a run that has ended.</summary>
public sealed class PurgeRun(RunReader reader, RunChildren children, RunData data)
{
    [Function(nameof(PurgeRun))]
    public async Task<IActionResult> Run(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "runs/{id}/purge")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        string id,
        CancellationToken cancellationToken)
    {
        if (await reader.FindAsync(client, id, withArms: false, cancellationToken) is not { } status)
            return ProblemDetail.UnknownRun(id);
        if (!status.HasEnded)
            return ProblemDetail.Of(409, "The run goes on.", $"Expected a run that has ended; {id} is {status.State}. Cancel it first.");
        if (await children.NeedingAsync(client, id, cancellationToken) is { } child)
            return ProblemDetail.Of(409, "Another run needs this one.", $"Expected a run that no other still has to copy from; {child} goes on from {id} and has not begun. Let it begin, or cancel it, first.");
        // A purge that its client does not wait for is finished all the same.
        await data.PurgeAsync(client, id, CancellationToken.None);
        return new JsonReply<RunStatus>(202, status with { State = "purged" }, OrchestrationsJson.Default.RunStatus);
    }
}
