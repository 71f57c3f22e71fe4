using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Orchestrations.Http;

namespace Orchestrations.Web;

/// <summary><c>GET /api/app</c> and <c>/api/app/{file}</c>: the pages on which runs are seen. They need no key to load, hold no data, and ask the API with the key that a person gives them.</summary>
public static class GetApp
{
    [Function(nameof(GetApp))]
    [Operation("The pages on which runs are seen; they ask for the key")]
    [Answers(200, null, "The page.", ContentType = "text/html")]
    public static IActionResult Page([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "app")] HttpRequest request) => AppFile.Find("index.html")!;

    [Function("GetAppFile")]
    [Operation("The script, the styles and the mark of the pages")]
    [Answers(200, null, "The file.", ContentType = "text/javascript")]
    [Refuses(404, ProblemCode.UnknownFile)]
    public static IActionResult File([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "app/{file}")] HttpRequest request, string file) =>
        AppFile.Find(file) is { } found
            ? found
            : Refusal.Of(404, ProblemCode.UnknownFile, "There is no such file.", $"Expected a file of the pages, found '{file}'.");
}
