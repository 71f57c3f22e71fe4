using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Orchestrations.Reports;

namespace Orchestrations.Runs;

/// <summary><c>GET /api/dashboard</c>: all runs on one page that renews itself.</summary>
public sealed class GetDashboard(RunReader reader)
{
    /// <summary>The newest so many runs are shown with their arms.</summary>
    private const int Shown = 20;

    [Function(nameof(GetDashboard))]
    public async Task<IActionResult> Run(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "dashboard")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        var runs = new List<RunStatus>();
        foreach (var id in await reader.IdsAsync(cancellationToken))
        {
            if (await reader.FindAsync(client, id, withArms: true, cancellationToken) is { } status)
                runs.Add(status);
        }

        var newest = runs.OrderByDescending(run => run.SubmittedAt).Take(Shown).ToList();
        return new TextReply(DashboardPage.Render(newest, request.QueryString.Value ?? ""), "text/html; charset=utf-8");
    }
}
