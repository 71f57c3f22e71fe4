using System.Text.RegularExpressions;

namespace Infra.Tests.Bicep;

/// <summary>The resources that a deployment would make, as the Bicep CLI predicts them.</summary>
public sealed partial class Snapshot(ParameterSet set, JsonNode document)
{
    public ParameterSet Set { get; } = set;

    /// <summary>Everything as text, to search for what must not be there.</summary>
    public string Text { get; } = document.ToJsonString(new JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public IReadOnlyList<Resource> Resources { get; } = [.. document["predictedResources"]!.AsArray().Select(node => new Resource(node!.AsObject()))];

    public IEnumerable<Resource> Of(string type) => Resources.Where(resource => resource.Type == type);

    public Resource One(string type, string prefix = "") => Of(type).Single(resource => resource.Name.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>The app's settings by name.</summary>
    public Dictionary<string, string> AppSettings() => Pairs(One("Microsoft.Web/sites")["properties.siteConfig.appSettings"]!.AsArray());

    /// <summary>The worker's environment by name.</summary>
    public Dictionary<string, string> WorkerEnvironment() => Pairs(Worker()["env"]!.AsArray());

    public JsonObject Worker() => One("Microsoft.App/jobs")["properties.template.containers"]!.AsArray().Single()!.AsObject();

    /// <summary>Who may do what: the identity's part, the role's id, and the resource without the names' common ending.</summary>
    public IEnumerable<Grant> Grants() => Of("Microsoft.Authorization/roleAssignments").Select(assignment =>
    {
        var scope = assignment.Id[..assignment.Id.IndexOf("/providers/Microsoft.Authorization/", StringComparison.Ordinal)];
        var resource = scope.Contains("/providers/", StringComparison.Ordinal) ? scope[(scope.IndexOf("/providers/", StringComparison.Ordinal) + 11)..] : scope;
        var identity = IdentityName().Match((string?)assignment["properties.principalId"] ?? "");
        return new Grant(
            identity.Success ? identity.Groups[1].Value : (string?)assignment["properties.principalId"] ?? "nobody",
            ((string)assignment["properties.roleDefinitionId"]!).Split('/')[^1],
            Token().Replace(resource, ""));
    });

    private static Dictionary<string, string> Pairs(JsonArray list) => list.ToDictionary(each => (string)each!["name"]!, each => (string)each!["value"]!);

    [GeneratedRegex("userAssignedIdentities/id-([a-z]+)-")]
    private static partial Regex IdentityName();

    // uniqueString gives thirteen letters and digits.
    [GeneratedRegex("-?[a-z2-7]{13}(?=/|$)")]
    private static partial Regex Token();
}

/// <summary>One predicted resource.</summary>
public sealed record Resource(JsonObject Node)
{
    public string Id => (string)Node["id"]!;

    public string Type => (string)Node["type"]!;

    public string Name => (string)Node["name"]!;

    /// <summary>The value at a path of names joined by dots, or null.</summary>
    public JsonNode? this[string path] => path.Split('.').Aggregate((JsonNode?)Node, (node, name) => (node as JsonObject)?[name]);

    public bool Is(string path, JsonNode? expected) => JsonNode.DeepEquals(this[path], expected);
}

/// <summary>A role that an identity has on a resource.</summary>
public sealed record Grant(string Identity, string Role, string Scope);
