using System.Globalization;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using Curriculum.Plans;
using Curriculum.Work;

namespace Curriculum.Submission;

/// <summary>The JSON schema of a plan (draft 2020-12), exported from the records with their defaults and bounds.</summary>
public static class PlanSchema
{
    /// <summary>The key by which a plan may name its schema.</summary>
    internal const string Reference = "$schema";

    internal static JsonSerializerOptions Indented { get; } = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static JsonObject Exported { get; } = Export();

    /// <summary>The schema document, for editors and other tools.</summary>
    public static string Json { get; } = Exported.ToJsonString(Indented) + "\n";

    private static JsonObject Export()
    {
        var schema = CurriculumJson.Default.RunPlan.GetJsonSchemaAsNode(new()
        {
            TreatNullObliviousAsNonNullable = true,
            TransformSchemaNode = (context, node) => Transform(context, (JsonObject)node),
        }).AsObject();
        Inline(schema, schema);
        ((JsonObject)schema["properties"]!).Insert(0, Reference, new JsonObject { ["description"] = "The address of this schema, for editors.", ["type"] = "string" });
        schema.Insert(0, Reference, "https://json-schema.org/draft/2020-12/schema");
        schema.Insert(1, "title", "Curriculum run plan");
        return schema;
    }

    private static JsonObject Transform(JsonSchemaExporterContext context, JsonObject node)
    {
        if (context.PropertyInfo is not { } property)
            return node;

        if (PlanBounds.Of(property.DeclaringType, property.Name) is { } bounds)
        {
            foreach (var (keyword, value) in bounds)
            {
                if (keyword == "items")
                    ((JsonObject)node["items"]!).Merge((JsonObject)value!);
                else
                    node[keyword] = value!.DeepClone();
            }
        }

        if (!property.IsRequired && Default(property.DeclaringType, property.Get!) is { } value0)
            node["default"] = JsonSerializer.SerializeToNode(value0, CurriculumJson.Default.GetTypeInfo(property.PropertyType)!);
        return node;
    }

    // The exporter refers from one method to what another has in common with it, by a pointer that only holds while the plan is the document's root.
    private static void Inline(JsonNode? node, JsonObject root)
    {
        if (node is JsonObject schema && schema["$ref"] is { } reference)
        {
            schema.Remove("$ref");
            var target = ((string)reference!).Split('/')[1..].Aggregate(
                (JsonNode)root, (parent, key) => parent is JsonArray items ? items[int.Parse(key, CultureInfo.InvariantCulture)]! : parent[key]!);
            var position = 0;
            foreach (var (keyword, value) in target.AsObject().Where(pair => !schema.ContainsKey(pair.Key)).ToList())
                schema.Insert(position++, keyword, value?.DeepClone());
        }

        foreach (var child in node switch { JsonObject parent => parent.Select(pair => pair.Value).ToList(), JsonArray items => [.. items], _ => [] })
            Inline(child, root);
    }

    // The record's own initializers are the only place where defaults are stated.
    private static object? Default(Type record, Func<object, object?> get) => get(Activator.CreateInstance(Written(record))!);

    // What several methods have in common has the same default in each of them.
    private static Type Written(Type record) => !record.IsAbstract ? record
        : typeof(StagePlan).GetCustomAttributes<JsonDerivedTypeAttribute>().First(method => method.DerivedType.IsSubclassOf(record)).DerivedType;

    private static void Merge(this JsonObject target, JsonObject other)
    {
        foreach (var (keyword, value) in other)
            target[keyword] = value!.DeepClone();
    }
}
