using System.Text.Json.Nodes;

namespace Curriculum.Submission;

/// <summary>A part of the plan's schema that takes one of several forms, told by a key: a stage, told by its method.</summary>
internal sealed class PlanUnion
{
    private readonly Dictionary<string, JsonObject> _forms;

    private PlanUnion(JsonObject schema)
    {
        Key = (string)schema["required"]![0]!;
        _forms = schema["anyOf"]!.AsArray().ToDictionary(form => (string)form!["properties"]![Key]!["const"]!, form => form!.AsObject(), StringComparer.Ordinal);
        First = _forms.Values.First();
        JsonObject every = new() { [Key] = new JsonObject { ["enum"] = new JsonArray([.. _forms.Keys.Select(name => JsonValue.Create(name))]) } };
        foreach (var (name, child) in _forms.Values.SelectMany(form => form["properties"]!.AsObject()).DistinctBy(pair => pair.Key).Where(pair => pair.Key != Key))
            every[name] = child!.DeepClone();
        Every = new() { ["type"] = "object", ["properties"] = every, ["required"] = new JsonArray(Key) };
    }

    /// <summary>The key that tells the form.</summary>
    public string Key { get; }

    /// <summary>The form that stands in where the key does not tell one.</summary>
    public JsonObject First { get; }

    /// <summary>The keys of all forms together, against which an object is held whose form is not known.</summary>
    public JsonObject Every { get; }

    /// <summary>The union that a schema is; null where it is none.</summary>
    public static PlanUnion? Of(JsonObject schema) => schema.ContainsKey("anyOf") ? new(schema) : null;

    /// <summary>The form of that name; null where there is none.</summary>
    public JsonObject? Find(string? name) => name is null ? null : _forms.GetValueOrDefault(name);

    /// <summary>The names of the forms that have a key.</summary>
    public IReadOnlyList<string> Having(string key) => [.. _forms.Where(form => form.Value["properties"]!.AsObject().ContainsKey(key)).Select(form => form.Key)];
}
