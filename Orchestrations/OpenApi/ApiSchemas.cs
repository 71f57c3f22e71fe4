using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Curriculum.Evaluation;
using Curriculum.Plans;
using Curriculum.Submission;
using Orchestrations.Datasets;
using Orchestrations.Schedules;

namespace Orchestrations.OpenApi;

/// <summary>The schemas of the API's records: each record once, by its name, as the runtime's exporter writes it.</summary>
internal sealed class ApiSchemas
{
    private const string Prefix = "#/components/schemas/";

    private static readonly IReadOnlyList<JsonSerializerContext> Contexts = [ApiJson.Default, SchedulesJson.Default, DatasetsJson.Default, VerdictJson.Default, StudyJson.Default];

    private readonly Dictionary<string, Type> _named = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, JsonNode> _schemas = new(StringComparer.Ordinal);

    /// <summary>A reference to a record's schema, which is among <see cref="Schemas"/> from then on, with those that it refers to.</summary>
    public JsonObject Of(Type type)
    {
        var reference = Reference(type);
        Add(type);
        return reference;
    }

    /// <summary>In the order of their names.</summary>
    public JsonObject Schemas() => new(_schemas.Select(schema => KeyValuePair.Create<string, JsonNode?>(schema.Key, schema.Value.DeepClone())));

    private JsonObject Reference(Type type)
    {
        if (!_named.TryAdd(type.Name, type) && _named[type.Name] != type)
            throw new InvalidOperationException($"Expected one record of the API called {type.Name}, found another in {type.Namespace}.");
        return new() { ["$ref"] = Prefix + type.Name };
    }

    private void Add(Type type)
    {
        if (_schemas.ContainsKey(type.Name))
            return;
        var schema = type == typeof(RunPlan) ? Plan() : Export(InfoOf(type));
        _schemas.Add(type.Name, schema);
        foreach (var name in References(schema).ToList())
            Add(_named[name]);
    }

    private static IEnumerable<string> References(JsonNode? node) => node switch
    {
        JsonObject found when (string?)found["$ref"] is { } reference && reference.StartsWith(Prefix, StringComparison.Ordinal) => [reference[Prefix.Length..]],
        JsonObject found => found.SelectMany(member => References(member.Value)),
        JsonArray found => found.SelectMany(References),
        _ => [],
    };

    private static JsonObject Plan()
    {
        var schema = JsonNode.Parse(PlanSchema.Json)!.AsObject();
        schema.Remove("$schema");
        return schema;
    }

    private static JsonTypeInfo InfoOf(Type type) =>
        Contexts.Select(context => context.GetTypeInfo(type)).OfType<JsonTypeInfo>().FirstOrDefault()
        ?? throw new InvalidOperationException($"Expected {type.Name} in one of the JSON contexts of the API.");

    private JsonNode Export(JsonTypeInfo info) => info.GetJsonSchemaAsNode(new()
    {
        TreatNullObliviousAsNonNullable = true,
        TransformSchemaNode = Transform,
    });

    private JsonObject Transform(JsonSchemaExporterContext context, JsonNode node)
    {
        if (context.TypeInfo.Kind == JsonTypeInfoKind.Object && !context.Path.IsEmpty)
            return Reference(Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type);
        // Any value.
        if (node is not JsonObject schema)
            return new JsonObject();
        // Absent values are left out of what is written, so null is never found.
        if (schema["type"] is JsonArray types && types.Select(type => (string)type!).Where(type => type != "null").ToList() is [var only])
            schema["type"] = only;
        if (schema["enum"] is JsonArray values && values.FirstOrDefault(value => value is null) is null && values.Any(value => value is null))
            schema["enum"] = new JsonArray([.. values.Where(value => value is not null).Select(value => value!.DeepClone())]);
        // What is not nullable is always written, and nothing else is; of what is read, the exporter knows better.
        if (schema["properties"] is JsonObject properties && !IsRead(context.TypeInfo.Type))
        {
            schema["required"] = new JsonArray([.. context.TypeInfo.Properties
                .Where(property => properties.ContainsKey(property.Name) && !property.IsGetNullable)
                .Select(property => (JsonNode)property.Name)]);
        }

        return schema;
    }

    private static bool IsRead(Type type) => HttpFunction.All.Any(endpoint => endpoint.Takes == type);
}
