using YamlDotNet.Serialization;

namespace Infra.Tests;

/// <summary>azure.yaml.</summary>
internal static class AzdProject
{
    public static JsonObject Document { get; } = Read(File.ReadAllText(Path.Combine(LocalSystem.Repository(), "azure.yaml")));

    public static IEnumerable<(string Name, string Host, JsonObject Service)> Services() =>
        Document["services"]!.AsObject().Select(service => (service.Key, (string)service.Value!["host"]!, service.Value.AsObject()));

    /// <summary>YAML as JSON, with booleans and numbers as such.</summary>
    public static JsonObject Read(string yaml)
    {
        var graph = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build().Deserialize(yaml);
        return JsonNode.Parse(new SerializerBuilder().JsonCompatible().Build().Serialize(graph))!.AsObject();
    }
}
