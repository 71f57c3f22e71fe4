using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Json.Schema;
using Microsoft.AspNetCore.Http;
using Orchestrations.OpenApi;

namespace Orchestrations.Tests.Hosting;

/// <summary>Holds what the app answers against its own OpenAPI document: status codes, content types and every member of every record.</summary>
internal sealed class AnswerCheck
{
    private static readonly JsonObject Document = ApiDocument.Build();
    private static readonly ConcurrentDictionary<string, JsonSchema> Schemas = new(StringComparer.Ordinal);

    private readonly ConcurrentQueue<string> _faults = new();
    private readonly ConcurrentDictionary<(string Function, int Status, string? Code), bool> _given = new();

    /// <summary>What was answered and is not described so.</summary>
    public IReadOnlyCollection<string> Faults => _faults;

    /// <summary>Function, status code and, of a refusal, its code.</summary>
    public IEnumerable<(string Function, int Status, string? Code)> Given => _given.Keys;

    public void Check(string function, HttpResponse response, byte[] body)
    {
        var operation = Document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()).Single(operation => (string)operation.Value!["operationId"]! == function).Value!;
        var what = $"{function} {response.StatusCode}";
        if (operation["responses"]![response.StatusCode.ToString(CultureInfo.InvariantCulture)] is not { } described)
        {
            _faults.Enqueue($"{what} is not described.");
            return;
        }

        string? code = null;
        var type = response.ContentType?.Split(';')[0];
        if (described["content"] is { } content)
        {
            var found = content.AsObject().Single();
            if (found.Key != type)
                _faults.Enqueue($"{what}: expected {found.Key}, found {type}.");
            else if (type.EndsWith("json", StringComparison.Ordinal))
                Hold(what, found.Value!["schema"]!, body);
            if (type == "application/problem+json")
            {
                code = (string)JsonNode.Parse(body)!["code"]!;
                if (!((string)described["description"]!).Split(' ', ',', '.').Contains(code))
                    _faults.Enqueue($"{what}: the code {code} is not described.");
            }
        }
        else if (body.Length > 0)
        {
            _faults.Enqueue($"{what}: expected no body, found {body.Length} bytes.");
        }

        if (described["headers"]?["Location"] is not null && response.Headers.Location.Count == 0)
            _faults.Enqueue($"{what}: expected a Location.");
        _given.TryAdd((function, response.StatusCode, code), true);
    }

    private void Hold(string what, JsonNode described, byte[] body)
    {
        var schema = Schemas.GetOrAdd(described.ToJsonString(), reference => Load(JsonNode.Parse(reference)!.AsObject()));
        using var parsed = JsonDocument.Parse(body);
        var result = schema.Evaluate(parsed.RootElement, new EvaluationOptions { OutputFormat = OutputFormat.List });
        if (!result.IsValid)
            _faults.Enqueue($"{what}: {string.Join("; ", (result.Details ?? []).Where(detail => detail.Errors is not null).SelectMany(detail => detail.Errors!.Select(error => $"{detail.InstanceLocation} {error.Value}")))}\n{parsed.RootElement}");
    }

    private static JsonSchema Load(JsonObject schema)
    {
        schema["$defs"] = Document["components"]!["schemas"]!.DeepClone();
        return JsonSchema.FromText(schema.ToJsonString().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal));
    }
}
