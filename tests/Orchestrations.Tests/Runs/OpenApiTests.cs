using System.Reflection;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Orchestrations.Runs;

namespace Orchestrations.Tests.Runs;

[Trait("Speed", "fast")]
public class OpenApiTests
{
    [Fact]
    public async Task Every_route_is_documented_and_every_documented_operation_exists()
    {
        var context = new DefaultHttpContext();
        using var body = new MemoryStream();
        context.Response.Body = body;
        await new GetOpenApi().Run(context.Request).ExecuteResultAsync(new() { HttpContext = context });
        var document = JsonNode.Parse(body.ToArray())!;

        string[] documented = [.. document["paths"]!.AsObject()
            .SelectMany(path => path.Value!.AsObject()
                .Where(operation => operation.Key != "parameters")
                .Select(operation => $"{operation.Key} {path.Key} {operation.Value!["operationId"]}"))
            .Order(StringComparer.Ordinal)];
        string[] built = [.. Routes().Order(StringComparer.Ordinal)];
        Assert.Equal(built, documented);
        Assert.NotNull(document["components"]!["schemas"]!["RunPlan"]!["properties"]!["arms"]);
    }

    [Fact]
    public void Every_route_but_health_needs_a_key() => Assert.All(
        Triggers(),
        trigger => Assert.Equal(trigger.Function == nameof(GetHealth) ? AuthorizationLevel.Anonymous : AuthorizationLevel.Function, trigger.Trigger.AuthLevel));

    private static IEnumerable<string> Routes() =>
        from trigger in Triggers()
        from method in trigger.Trigger.Methods!
        select $"{method} /api/{trigger.Trigger.Route} {trigger.Function}";

    private static IEnumerable<(string Function, HttpTriggerAttribute Trigger)> Triggers() =>
        from type in typeof(GetOpenApi).Assembly.GetTypes()
        from method in type.GetMethods()
        from parameter in method.GetParameters()
        let trigger = parameter.GetCustomAttribute<HttpTriggerAttribute>()
        where trigger is not null
        select (method.GetCustomAttribute<FunctionAttribute>()!.Name, trigger);
}
