using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Orchestrations.Http;
using Orchestrations.Reports;

namespace Orchestrations.Runs;

/// <summary><c>GET /api/dashboard</c>: the newest runs on one page that renews itself.</summary>
public sealed class GetDashboard(RunPages pages)
{
    [Function(nameof(GetDashboard))]
    [Operation("The newest runs on one page that renews itself")]
    [Answers(200, null, "The page.", ContentType = "text/html")]
    public async Task<IActionResult> Run(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "dashboard")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        var page = await pages.ReadAsync(client, new(), withArms: true, cancellationToken);
        return new TextReply(DashboardPage.Render(page.List.Runs, page.Total, request.QueryString.Value ?? ""), "text/html; charset=utf-8");
    }
}
