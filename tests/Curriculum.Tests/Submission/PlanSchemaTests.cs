using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Xml.Linq;
using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Submission;

namespace Curriculum.Tests.Submission;

[Trait("Speed", "fast")]
public sealed class PlanSchemaTests
{
    [Fact]
    public void Every_bound_reaches_the_schema()
    {
        var stage = Stage("srl");
        Assert.Equal("1024", stage["groupSize"]!["maximum"]!.ToJsonString());
        Assert.Equal("8", stage["groupSize"]!["default"]!.ToJsonString());
        Assert.Equal("0.2", stage["loss"]!["properties"]!["clipLow"]!["default"]!.ToJsonString());
        Assert.Equal("0", Node("properties/seeds/items")["minimum"]!.ToJsonString());

        var names = Names(PlanSchema.Exported).ToHashSet();
        Assert.All(PlanBounds.All, bound => Assert.Contains(bound.Property, names));
        Assert.All(PlanBounds.All, bound => Assert.Contains(bound.Record.GetProperties(), property => JsonNamingPolicy.CamelCase.ConvertName(property.Name) == bound.Property));
    }

    [Fact]
    public void Every_number_is_bounded() => Assert.All(Numbers(PlanSchema.Exported, ""), number =>
        Assert.True(number.Schema.ContainsKey("maximum"), $"{number.At} has no maximum."));

    [Fact]
    public void Each_family_that_there_is_can_be_planned() => Assert.All(ProblemFamilies.Names, family =>
        Assert.DoesNotContain(
            PlanText.Read(("/training/family", $"\"{family}\""), ("/base", """{ "model": "m" }""")).Violations,
            violation => violation.Message.StartsWith("Expected a problem family", StringComparison.Ordinal)));

    // Set WRITE_PLAN_SCHEMA=1 to write the document anew after a change of the plan records.
    [Fact]
    public void The_committed_document_is_the_schema_with_the_records_own_descriptions()
    {
        var path = Path.Combine(Root(), "docs", "plan.schema.json");
        var current = Described();
        if (Environment.GetEnvironmentVariable("WRITE_PLAN_SCHEMA") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, current);
        }

        Assert.True(File.ReadAllText(path) == current, "docs/plan.schema.json is not what the plan records say: run this test with WRITE_PLAN_SCHEMA=1.");
    }

    [Fact]
    public void Every_sample_is_valid()
    {
        var samples = Path.Combine(Root(), "samples");
        if (!Directory.Exists(samples) || Directory.GetFiles(samples, "*.json") is not { Length: > 0 } files)
        {
            Assert.Skip("There are no samples in this checkout.");
            return;
        }

        Assert.All(files, file => Assert.Empty(PlanReader.Read(File.ReadAllBytes(file)).Violations));
    }

    private static string Described()
    {
        var schema = JsonNode.Parse(PlanSchema.Json)!.AsObject();
        var summaries = XDocument.Load(Path.Combine(AppContext.BaseDirectory, "Curriculum.xml")).Descendants("member")
            .Where(member => member.Element("summary") is not null)
            .ToDictionary(member => (string)member.Attribute("name")!, member => Plain(member.Element("summary")!), StringComparer.Ordinal);
        Describe(schema, typeof(RunPlan), summaries);
        return schema.ToJsonString(PlanSchema.Indented) + "\n";
    }

    private static void Describe(JsonObject schema, Type record, Dictionary<string, string> summaries)
    {
        if (schema["anyOf"] is JsonArray forms)
        {
            foreach (var form in forms.Select(form => form!.AsObject()))
            {
                var method = record.GetCustomAttributes<JsonDerivedTypeAttribute>().Single(method => (string)method.TypeDiscriminator! == (string)form["properties"]!["method"]!["const"]!).DerivedType;
                form.Insert(0, "description", summaries[$"T:{method.FullName}"]);
                Describe(form, method, summaries);
            }

            return;
        }

        foreach (var (name, node) in schema["properties"]!.AsObject().Where(pair => pair.Value!["const"] is null && pair.Key != PlanSchema.Reference))
        {
            var property = record.GetProperties().Single(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name) == name);
            var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            var value = (JsonObject)node!;
            if (summaries.TryGetValue($"P:{property.DeclaringType!.FullName}.{property.Name}", out var summary) || summaries.TryGetValue($"T:{type.FullName}", out summary))
                value.Insert(0, "description", summary);

            if (value["properties"] is not null)
                Describe(value, type, summaries);
            else if (value["items"] is JsonObject items && (items["properties"] ?? items["anyOf"]) is not null)
                Describe(items, type.GetGenericArguments()[0], summaries);
        }
    }

    private static string Plain(XElement summary) => string.Join(' ', string.Concat(summary.Nodes().Select(node => node switch
    {
        XElement { Name.LocalName: "see" } see => ((string)see.Attribute("cref")!).Split('.')[^1],
        XElement element => element.Value,
        _ => node.ToString().Replace("&lt;", "<", StringComparison.Ordinal).Replace("&gt;", ">", StringComparison.Ordinal),
    })).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Cloud.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException("Expected to run below the folder of Cloud.sln.");
    }

    /// <summary>The keys of a method's stage.</summary>
    internal static JsonObject Stage(string method) => Node("properties/arms/items/properties/stages/items")["anyOf"]!.AsArray()
        .Select(form => form!["properties"]!.AsObject()).Single(keys => (string)keys["method"]!["const"]! == method);

    private static JsonObject Node(string path) => path.Split('/').Aggregate((JsonNode)PlanSchema.Exported, (node, key) => node[key]!).AsObject();

    private static IEnumerable<string> Names(JsonNode? node) => node switch
    {
        JsonObject value => value.SelectMany(pair => Names(pair.Value).Prepend(pair.Key)),
        JsonArray array => array.SelectMany(Names),
        _ => [],
    };

    private static IEnumerable<(string At, JsonObject Schema)> Numbers(JsonNode? node, string at)
    {
        if (node is not JsonObject schema)
            yield break;

        if (schema["type"] is { } type && (type.ToJsonString().Contains("integer", StringComparison.Ordinal) || type.ToJsonString().Contains("number", StringComparison.Ordinal)))
            yield return (at, schema);
        foreach (var (key, child) in schema)
        {
            foreach (var found in (child as JsonArray ?? [child?.DeepClone()]).SelectMany(part => Numbers(part, $"{at}/{key}")))
                yield return found;
        }
    }
}
