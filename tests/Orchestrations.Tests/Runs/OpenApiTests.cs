using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.OpenApi;
using Orchestrations.OpenApi;
using Orchestrations.Runs;
using Orchestrations.Web;
using Testing;

namespace Orchestrations.Tests.Runs;

[Trait("Speed", "fast")]
public class OpenApiTests
{
    [Fact]
    public async Task The_document_that_is_served_is_valid_OpenAPI()
    {
        var read = OpenApiDocument.Parse(await ServedAsync(), "json");

        Assert.Empty(read.Diagnostic!.Errors.Select(error => error.ToString()));
        Assert.Empty(read.Diagnostic.Warnings.Select(warning => warning.ToString()));
        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, read.Diagnostic.SpecificationVersion);
        Assert.Equal(HttpFunction.All.Count, read.Document!.Paths.Sum(path => path.Value.Operations!.Count));
    }

    [Fact]
    public async Task Every_reference_leads_to_a_schema_and_every_schema_is_referred_to()
    {
        var document = await ServedAsync();
        var schemas = JsonNode.Parse(document)!["components"]!["schemas"]!.AsObject().Select(schema => schema.Key);

        Assert.Equal(schemas.ToHashSet(), Regex.Matches(document, "\"#/components/schemas/([^\"]+)\"").Select(match => match.Groups[1].Value).ToHashSet());
    }

    [Fact]
    public async Task Each_function_with_its_route_and_verb_is_an_operation_and_the_records_are_the_apps_own()
    {
        var document = JsonNode.Parse(await ServedAsync())!;
        var operations = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(operation => $"{operation.Value!["operationId"]}: {operation.Key} {path.Key}"));

        Assert.Equal(HttpFunction.All.Select(endpoint => $"{endpoint.Name}: {endpoint.Verb} /api/{endpoint.Trigger.Route}").Order(StringComparer.Ordinal), operations.Order(StringComparer.Ordinal));
        // Every state and every method, which a list by hand once lacked.
        var schemas = document["components"]!["schemas"]!;
        Assert.Equal(Enum.GetValues<RunState>().Select(ApiJson.Code), schemas["RunStatus"]!["properties"]!["state"]!["enum"]!.AsArray().Select(value => (string)value!));
        Assert.Equal(Enum.GetValues<Curriculum.Plans.Method>().Select(ApiJson.Code), schemas["ArmProgress"]!["properties"]!["method"]!["enum"]!.AsArray().Select(value => (string)value!));
        Assert.Equal(["budgetPerArm", "id", "state", "submittedAt", "trainings"], schemas["RunStatus"]!["required"]!.AsArray().Select(name => (string)name!).Order(StringComparer.Ordinal));
        Assert.NotNull(schemas["RunPlan"]!["properties"]!["arms"]);
    }

    [Fact]
    public void Every_route_but_health_and_the_pages_own_files_needs_a_key() => Assert.All(
        HttpFunction.All,
        endpoint => Assert.Equal(
            endpoint.Name is nameof(GetHealth) or nameof(GetApp) or "GetAppFile" ? AuthorizationLevel.Anonymous : AuthorizationLevel.Function, endpoint.Trigger.AuthLevel));

    [Fact]
    public void Every_endpoint_is_in_the_readme()
    {
        var table = File.ReadLines(Path.Combine(LocalSystem.Repository(), "README.md"))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal) && line.Contains("/api/", StringComparison.Ordinal));
        var told = new HashSet<string>(StringComparer.Ordinal);
        foreach (var cell in table.Select(line => line.Split('|')[1]))
        {
            // `PUT`, `GET /a` is each verb at that path; `POST /a/x`, `/y` is the same verb at /a/y too.
            var verbs = Regex.Matches(cell, "`?\\b(GET|PUT|POST|DELETE)\\b").Select(match => match.Groups[1].Value).ToList();
            var paths = Regex.Matches(cell, "(/[^` ,]+)").Select(match => match.Value).ToList();
            told.UnionWith(from verb in verbs from path in paths select $"{verb} {(path.StartsWith("/api/", StringComparison.Ordinal) ? path : paths[0][..paths[0].LastIndexOf('/')] + path)}");
        }

        Assert.Equal(HttpFunction.All.Select(endpoint => $"{endpoint.Verb.ToUpperInvariant()} {endpoint.Path}").Order(StringComparer.Ordinal), told.Order(StringComparer.Ordinal));
    }

    private static async Task<string> ServedAsync()
    {
        var context = new DefaultHttpContext();
        using var body = new MemoryStream();
        context.Response.Body = body;
        await new GetOpenApi().Run(context.Request).ExecuteResultAsync(new() { HttpContext = context });
        return System.Text.Encoding.UTF8.GetString(body.ToArray());
    }
}
