using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Orchestrations.Storage;

namespace Orchestrations.Runs;

/// <summary><c>GET /api/runs</c>: all runs, the newest first.</summary>
public sealed class ListRuns(RunReader reader)
{
    [Function(nameof(ListRuns))]
    public async Task<IActionResult> Run(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "runs")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        var runs = new List<RunStatus>();
        foreach (var id in await reader.IdsAsync(cancellationToken))
        {
            if (await reader.FindAsync(client, id, withArms: false, cancellationToken) is { } status)
                runs.Add(status);
        }

        return new JsonReply<RunList>(200, new([.. runs.OrderByDescending(run => run.SubmittedAt)]), OrchestrationsJson.Default.RunList);
    }
}
