using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Curriculum.Submission;

/// <summary>Validates a document against the plan's schema, to the end, and returns it completed: defaults filled in, invalid values replaced by stand-ins.</summary>
/// <remarks>Knows the keywords that <see cref="PlanSchema"/> uses, and no others.</remarks>
internal sealed class PlanStructure(PlanFindings findings)
{
    /// <param name="value">What was given.</param>
    /// <param name="schema">What is expected.</param>
    /// <param name="pointer">Where it stands.</param>
    /// <param name="preset">Defaults that go before the schema's own.</param>
    public JsonNode? Check(JsonElement value, JsonObject schema, string pointer, JsonObject? preset = null)
    {
        if (schema["enum"] is JsonArray members)
            return CheckMember(value, members, schema, pointer);
        if (schema["const"] is { } only)
            return only.DeepClone();

        var types = Types(schema);
        return value.ValueKind switch
        {
            JsonValueKind.Null when types.Contains("null") => null,
            JsonValueKind.Object when PlanUnion.Of(schema) is { } union => CheckUnion(value, union, pointer),
            JsonValueKind.Object when types.Contains("object") => CheckObject(value, schema, pointer, preset),
            JsonValueKind.Array when types.Contains("array") => CheckArray(value, schema, pointer),
            JsonValueKind.String when types.Contains("string") => CheckText(value, schema, pointer),
            JsonValueKind.Number when types.Contains("integer") || types.Contains("number") => CheckNumber(value, types, schema, pointer),
            JsonValueKind.True or JsonValueKind.False when types.Contains("boolean") => JsonValue.Create(value.GetBoolean()),
            _ => Broken(schema, pointer, $"Expected {Expected(schema)}, found {Found(value)}."),
        };
    }

    private JsonObject CheckUnion(JsonElement value, PlanUnion union, string pointer)
    {
        var told = value.TryGetProperty(union.Key, out var name) && name.ValueKind == JsonValueKind.String ? TextOf(name) : null;
        if (union.Find(told) is { } form)
            return CheckObject(value, form, pointer, preset: null, key => Elsewhere(union, told!, key));

        // Whatever the form was to be, each key is still held against the schema that it has somewhere.
        var completed = CheckObject(value, union.Every, pointer, preset: null);
        foreach (var (key, _) in completed.Where(pair => !((JsonObject)union.First["properties"]!).ContainsKey(pair.Key)).ToList())
            completed.Remove(key);
        return completed;
    }

    private static string? Elsewhere(PlanUnion union, string told, string key) => union.Having(key) is { Count: > 0 } others
        ? $"Expected none where {union.Key} is {told}: {key} is a key of {string.Join(", ", others)}."
        : null;

    private JsonObject CheckObject(JsonElement value, JsonObject schema, string pointer, JsonObject? preset, Func<string, string?>? elsewhere = null)
    {
        var known = (JsonObject)schema["properties"]!;
        preset ??= Preset(value, known);
        var completed = new JsonObject();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in value.EnumerateObject())
        {
            if (NameOf(property) is not { } name)
            {
                findings.Add(pointer, "Expected keys of valid Unicode, found one with a lone surrogate.");
                continue;
            }

            var child = $"{pointer}/{Escape(name)}";
            if (!seen.Add(name))
                findings.Break(child, "Expected each key once, found it twice.");
            else if (known[name] is JsonObject childSchema)
                completed[name] = Check(property.Value, childSchema, child, preset?[name] as JsonObject);
            else
                findings.Add(child, elsewhere?.Invoke(name) ?? $"Unknown key.{Below(known, name)} Expected one of {string.Join(", ", known.Select(pair => pair.Key))}.");
        }

        foreach (var (name, node) in known)
        {
            if (seen.Contains(name))
                continue;

            var childSchema = (JsonObject)node!;
            if (Required(schema).Contains(name))
                completed[name] = Broken(childSchema, $"{pointer}/{Escape(name)}", $"Expected {Expected(childSchema)}; the key is missing.");
            else if (childSchema["default"] is JsonObject standards && preset?[name] is JsonObject settings)
                completed[name] = Over(standards, settings);
            else if ((preset?[name] ?? childSchema["default"]) is { } standard)
                completed[name] = standard.DeepClone();
        }

        return completed;
    }

    // Where a key that is known nowhere here is known one level down.
    private static string Below(JsonObject known, string name)
    {
        List<string> places = [.. known.Where(pair => pair.Value is JsonObject schema && (schema["properties"] as JsonObject)?.ContainsKey(name) is true).Select(pair => pair.Key)];
        return places.Count == 0 ? "" : $" It is a key of {string.Join(" and of ", places)}: \"{places[0]}\": {{ \"{name}\": ... }}.";
    }

    // A stage that names an algorithm has that algorithm's settings for defaults.
    private static JsonObject? Preset(JsonElement value, JsonObject known) =>
        known.ContainsKey("algorithm") && value.TryGetProperty("algorithm", out var algorithm)
        && algorithm.ValueKind == JsonValueKind.String && TextOf(algorithm) is { } name
            ? AlgorithmPresets.Of(name)
            : null;

    private static JsonObject Over(JsonObject standards, JsonObject settings)
    {
        var both = (JsonObject)standards.DeepClone();
        foreach (var (name, setting) in settings)
            both[name] = setting!.DeepClone();
        return both;
    }

    private JsonArray CheckArray(JsonElement value, JsonObject schema, string pointer)
    {
        var items = (JsonObject)schema["items"]!;
        var length = value.GetArrayLength();
        if (length < Bound(schema, "minItems") || length > Bound(schema, "maxItems"))
            findings.Add(pointer, $"Expected {Expected(schema)}, found {length}.");

        var completed = new JsonArray();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in value.EnumerateArray())
        {
            var child = string.Create(CultureInfo.InvariantCulture, $"{pointer}/{completed.Count}");
            if (schema.ContainsKey("uniqueItems") && !seen.Add(item.GetRawText()))
                findings.Add(child, $"Expected each item once, found {Found(item)} twice.");
            completed.Add(Check(item, items, child));
        }

        return completed;
    }

    private JsonNode? CheckText(JsonElement value, JsonObject schema, string pointer)
    {
        if (TextOf(value) is not { } text)
            return Broken(schema, pointer, "Expected text of valid Unicode, found a lone surrogate.");

        // The whole text must match: a $ alone would let a line feed at the end pass.
        var matches = schema["pattern"] is not { } pattern
            || Regex.Match(text, (string)pattern!, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant) is { Success: true } match && match.Length == text.Length;
        if (!matches || text.Length > Bound(schema, "maxLength"))
            findings.Add(pointer, $"Expected {Expected(schema)}, found {Found(value)}.");
        return JsonValue.Create(text);
    }

    private JsonNode? CheckNumber(JsonElement value, IReadOnlyList<string> types, JsonObject schema, string pointer)
    {
        var whole = value.TryGetInt64(out var integer);
        if (!value.TryGetDouble(out var number) || !double.IsFinite(number)
            || (types.Contains("integer") && !whole)
            || number < Bound(schema, "minimum") || number > Bound(schema, "maximum") || number <= Bound(schema, "exclusiveMinimum"))
        {
            return Broken(schema, pointer, $"Expected {Expected(schema)}, found {Found(value)}.");
        }

        return types.Contains("integer") ? JsonValue.Create(integer) : JsonValue.Create(number);
    }

    private JsonNode? CheckMember(JsonElement value, JsonArray members, JsonObject schema, string pointer) =>
        value.ValueKind == JsonValueKind.Null && members.Contains(null) ? null
        : value.ValueKind == JsonValueKind.String && TextOf(value) is { } text && members.Any(member => (string?)member == text)
            ? JsonValue.Create(text)
            : Broken(schema, pointer, $"Expected {Expected(schema)}, found {Found(value)}.");

    private JsonNode? Broken(JsonObject schema, string pointer, string message)
    {
        findings.Break(pointer, message);
        return StandIn(schema);
    }

    private static JsonNode? StandIn(JsonObject schema)
    {
        if (schema["default"] is { } standard)
            return standard.DeepClone();
        if (schema["enum"] is JsonArray members)
            return members[0]!.DeepClone();
        if (schema["const"] is { } only)
            return only.DeepClone();
        if (PlanUnion.Of(schema) is { } union)
            return StandInObject(union.First);

        var types = Types(schema);
        return types.Contains("null") ? null : types[0] switch
        {
            "object" => StandInObject(schema),
            "array" => new JsonArray(),
            "string" => JsonValue.Create(""),
            "boolean" => JsonValue.Create(false),
            _ => JsonValue.Create(1),
        };
    }

    private static JsonObject StandInObject(JsonObject schema) => new(((JsonObject)schema["properties"]!)
        .Where(pair => Required(schema).Contains(pair.Key) || (pair.Value!["default"] ?? pair.Value["const"]) is not null)
        .Select(pair => KeyValuePair.Create(pair.Key, StandIn((JsonObject)pair.Value!))));

    private static string Expected(JsonObject schema)
    {
        if (schema["enum"] is JsonArray members)
            return $"one of {string.Join(", ", members.Select(member => (string?)member ?? "null"))}";

        var words = Types(schema)[0] switch
        {
            "object" => "an object",
            "array" => "an array",
            "string" => schema["$comment"] is { } form ? (string)form! : "text",
            "boolean" => "true or false",
            "integer" => "an integer",
            _ => "a number",
        };
        string Limit(string keyword, string before, string after = "") => schema[keyword] is { } limit ? $"{before}{limit}{after}" : "";
        return words + Limit("minItems", " of ") + Limit("maxItems", " to ", " items") + Limit("minimum", " from ") + Limit("exclusiveMinimum", " above ")
            + (schema.ContainsKey("exclusiveMinimum") ? Limit("maximum", " and at most ") : Limit("maximum", " to ")) + Limit("maxLength", ", at most ", " characters")
            + (Types(schema).Contains("null") ? ", or null" : "");
    }

    private static string Found(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => $"an array of {value.GetArrayLength()}",
        JsonValueKind.String when TextOf(value) is { } text => $"'{Short(text)}'",
        _ => Short(value.GetRawText()),
    };

    private static string Short(string text) => text.Length <= 60 ? text : $"{text[..57]}...";

    // Comparisons with NaN are false: an absent bound is never violated.
    private static double Bound(JsonObject schema, string keyword) =>
        schema[keyword] is { } bound ? double.Parse(bound.ToJsonString(), CultureInfo.InvariantCulture) : double.NaN;

    private static IReadOnlyList<string> Types(JsonObject schema) => schema["type"] switch
    {
        JsonArray several => [.. several.Select(type => (string)type!)],
        JsonValue one => [(string)one!],
        _ => throw new InvalidOperationException($"The plan's schema has a node without a type: {schema.ToJsonString()}"),
    };

    private static IReadOnlyList<string> Required(JsonObject schema) => schema["required"] is JsonArray names ? [.. names.Select(name => (string)name!)] : [];

    private static string Escape(string key) => key.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    // System.Text.Json throws on text that is no valid UTF-16 once decoded ("\ud800").
    private static string? TextOf(JsonElement value)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string? NameOf(JsonProperty property)
    {
        try
        {
            return property.Name;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
