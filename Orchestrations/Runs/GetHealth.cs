using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Orchestrations.Runs;

/// <summary><c>GET /api/health</c>: that the app answers. The one call that needs no key, and so tells nothing else.</summary>
public sealed class GetHealth
{
    [Function(nameof(GetHealth))]
    public IActionResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health")] HttpRequest request) =>
        new TextReply("{\"status\":\"ok\"}", "application/json; charset=utf-8");
}
