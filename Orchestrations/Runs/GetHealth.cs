using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Orchestrations.Http;

namespace Orchestrations.Runs;

/// <summary><c>GET /api/health</c>: that the app answers. The one call that needs no key, and so tells nothing else.</summary>
public sealed class GetHealth
{
    [Function(nameof(GetHealth))]
    [Operation("That the app answers; needs no key")]
    [Answers(200, typeof(Health), "It does.")]
    public IActionResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health")] HttpRequest request) =>
        new JsonReply<Health>(200, new("ok"), ApiJson.Default.Health);
}
