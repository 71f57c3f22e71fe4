using System.Text.Json.Nodes;
using Curriculum.Plans;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Orchestrations.Runs;

/// <summary><c>GET /api/openapi.json</c>: the API's description, with the plan's own schema in it.</summary>
public sealed class GetOpenApi
{
    private static readonly Lazy<string> Document = new(Build);

    [Function(nameof(GetOpenApi))]
    public IActionResult Run(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "openapi.json")] HttpRequest request) =>
        new TextReply(Document.Value, "application/json; charset=utf-8");

    private static string Build()
    {
        using var stream = typeof(GetOpenApi).Assembly.GetManifestResourceStream("openapi.json")!;
        var document = JsonNode.Parse(stream)!;
        document["components"]!["schemas"]!["RunPlan"] = JsonNode.Parse(PlanSchema.Json);
        return document.ToJsonString();
    }
}
