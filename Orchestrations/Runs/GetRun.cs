using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Orchestrations.Http;

namespace Orchestrations.Runs;

/// <summary><c>GET /api/runs/{id}</c>: where a run stands, arm by arm.</summary>
public sealed class GetRun(RunReader reader)
{
    [Function(nameof(GetRun))]
    [Operation("Where a run stands, arm by arm")]
    [Answers(200, typeof(RunStatus), "The status.")]
    [Refuses(404, ProblemCode.UnknownRun)]
    public async Task<IActionResult> Run(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "runs/{id}")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        string id,
        CancellationToken cancellationToken) =>
        await reader.FindAsync(client, id, withArms: true, cancellationToken) is { } status
            ? new JsonReply<RunStatus>(200, status, ApiJson.Default.RunStatus)
            : Refusal.UnknownRun(id);
}
