using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Curriculum.Work;
using Microsoft.Azure.Functions.Worker;
using Orchestrations.Http;
using Orchestrations.Schedules;
using Orchestrations.Trajectories;

namespace Orchestrations.OpenApi;

/// <summary>The OpenAPI document of the app, made of its endpoints and their records.</summary>
internal static partial class ApiDocument
{
    private static readonly Dictionary<string, (string Pattern, string Description)> PathParameters = new(StringComparer.Ordinal)
    {
        ["id"] = (RunId.Pattern, "A run's id."),
        ["file"] = (@"^[a-z.]+\z", "A file of the pages: app.js, app.css or mark.svg."),
        ["item"] = (@"^@?[a-z0-9-]+\.-?[0-9]+(\.[0-9]+){5}\.[a-z]+\z", "A work item's id without the run, with dots for slashes."),
        ["key"] = (TrajectoryKey.Described, "A trajectory's key."),
        ["name"] = (ScheduleReader.NamePattern, "A schedule's name."),
    };

    public static JsonObject Build()
    {
        var schemas = new ApiSchemas();
        var paths = new JsonObject();
        foreach (var endpoint in HttpFunction.All)
        {
            var path = paths[endpoint.Path] ??= new JsonObject();
            path[endpoint.Verb] = Operation(endpoint, schemas);
        }

        return new()
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject
            {
                ["title"] = "Curriculum runs",
                ["version"] = "1.0",
                ["description"] = "Submit curriculum runs, follow them, read their verdicts. Every operation but health needs a function key.",
            },
            ["security"] = new JsonArray(new JsonObject { ["keyHeader"] = new JsonArray() }, new JsonObject { ["keyQuery"] = new JsonArray() }),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["securitySchemes"] = new JsonObject
                {
                    ["keyHeader"] = new JsonObject { ["type"] = "apiKey", ["in"] = "header", ["name"] = "x-functions-key" },
                    ["keyQuery"] = new JsonObject { ["type"] = "apiKey", ["in"] = "query", ["name"] = "code" },
                },
                ["schemas"] = schemas.Schemas(),
            },
        };
    }

    private static JsonObject Operation(HttpFunction endpoint, ApiSchemas schemas)
    {
        var operation = new JsonObject { ["operationId"] = endpoint.Name, ["summary"] = endpoint.Summary };
        JsonNode[] parameters = [.. InPath().Matches(endpoint.Path).Select(match => PathParameter(match.Groups[1].Value)), .. endpoint.Parameters.Select(Parameter)];
        if (parameters.Length > 0)
            operation["parameters"] = new JsonArray(parameters);
        if (endpoint.Takes is { } body)
            operation["requestBody"] = new JsonObject { ["required"] = true, ["content"] = Content("application/json", schemas.Of(body)) };

        var responses = new JsonObject();
        foreach (var answer in endpoint.Answers)
        {
            var response = new JsonObject { ["description"] = answer.Description };
            if (answer.HasLocation)
                response["headers"] = new JsonObject { ["Location"] = new JsonObject { ["schema"] = new JsonObject { ["type"] = "string", ["format"] = "uri" } } };
            if (answer.Body is { } record)
                response["content"] = Content("application/json", schemas.Of(record));
            else if (answer.ContentType is { } type)
                response["content"] = Content(type, new() { ["type"] = type == "application/json" ? "object" : "string" });
            responses[Text(answer.Status)] = response;
        }

        if (endpoint.Trigger.AuthLevel == AuthorizationLevel.Anonymous)
            operation["security"] = new JsonArray();
        else
            responses["401"] = new JsonObject { ["description"] = "The function key is missing or wrong." };
        foreach (var refusal in endpoint.Refusals)
        {
            responses[Text(refusal.Status)] = new JsonObject
            {
                ["description"] = $"Refused: {string.Join(", ", refusal.Codes.Select(ApiJson.Code))}.",
                ["content"] = Content("application/problem+json", schemas.Of(typeof(ProblemDetail))),
            };
        }

        operation["responses"] = new JsonObject(responses.OrderBy(response => response.Key, StringComparer.Ordinal).Select(response => KeyValuePair.Create(response.Key, response.Value?.DeepClone())));
        return operation;
    }

    private static JsonObject PathParameter(string name)
    {
        var (pattern, description) = PathParameters[name];
        return new()
        {
            ["name"] = name,
            ["in"] = "path",
            ["required"] = true,
            ["description"] = description,
            ["schema"] = new JsonObject { ["type"] = "string", ["pattern"] = pattern.Replace("\\z", "$", StringComparison.Ordinal) },
        };
    }

    private static JsonObject Parameter(ParameterAttribute parameter)
    {
        var schema = new JsonObject { ["type"] = parameter.Type };
        if (parameter.Type == "array")
            schema["items"] = new JsonObject { ["type"] = "string" };
        if (parameter.Type == "integer")
            schema["minimum"] = parameter.Minimum;
        if (parameter.Maximum < int.MaxValue)
            schema[parameter.Type == "integer" ? "maximum" : "maxLength"] = parameter.Maximum;
        return new()
        {
            ["name"] = parameter.Name,
            ["in"] = parameter.IsHeader ? "header" : "query",
            ["required"] = parameter.IsRequired,
            ["description"] = parameter.Description,
            ["schema"] = schema,
        };
    }

    private static JsonObject Content(string type, JsonObject schema) => new() { [type] = new JsonObject { ["schema"] = schema } };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\{(\w+)\}", RegexOptions.CultureInvariant)]
    private static partial Regex InPath();
}
