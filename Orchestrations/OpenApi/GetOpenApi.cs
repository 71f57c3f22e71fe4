using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Orchestrations.Http;

namespace Orchestrations.OpenApi;

/// <summary><c>GET /api/openapi.json</c>: the API's description, with the plan's own schema in it.</summary>
public sealed class GetOpenApi
{
    private static readonly Lazy<string> Document = new(() => ApiDocument.Build().ToJsonString());

    [Function(nameof(GetOpenApi))]
    [Operation("This document")]
    [Answers(200, null, "OpenAPI 3.1.", ContentType = "application/json")]
    public IActionResult Run(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "openapi.json")] HttpRequest request) =>
        new TextReply(Document.Value, "application/json; charset=utf-8");
}
