using System.Collections.Concurrent;
using Json.Schema;

namespace Infra.Tests;

/// <summary>azure.yaml against azd's schema, and against what the schema leaves open.</summary>
[Trait("Speed", "fast")]
public class AzdProjectTests
{
    private static readonly string Root = LocalSystem.Repository();

    // A schema registers itself under its address, once.
    private static readonly ConcurrentDictionary<string, JsonSchema> Schemas = new();

    // azd's kinds of host; the schema takes any text.
    private static readonly string[] Hosts = ["appservice", "containerapp", "function", "staticwebapp", "aks", "ai.endpoint"];

    [Fact]
    public void It_keeps_the_schema()
    {
        var schema = Shared.Data("azure.yaml.schema.json");
        Assert.SkipWhen(schema is null, "azd's schema is not beside the checkout.");
        Assert.Empty(Violations(schema!, AzdProject.Document));
    }

    [Theory]
    [InlineData("project: ./Orchestrations", "projekt: ./Orchestrations")]
    [InlineData("provider: bicep", "provider: pulumi-cloud")]
    [InlineData("shell: sh", "shell: bash")]
    public void The_schema_tells_a_fault(string from, string to)
    {
        var schema = Shared.Data("azure.yaml.schema.json");
        Assert.SkipWhen(schema is null, "azd's schema is not beside the checkout.");
        var text = File.ReadAllText(Path.Combine(Root, "azure.yaml"));
        Assert.Contains(from, text, StringComparison.Ordinal);
        Assert.NotEmpty(Violations(schema!, AzdProject.Read(text.Replace(from, to, StringComparison.Ordinal))));
    }

    [Fact]
    public void Hosts_are_those_of_azd_and_every_path_exists()
    {
        Assert.True(File.Exists(Path.Combine(Root, (string)AzdProject.Document["infra"]!["path"]!, $"{AzdProject.Document["infra"]!["module"]}.bicep")));
        foreach (var (name, host, service) in AzdProject.Services())
        {
            Assert.Contains(host, Hosts);
            var project = Path.GetFullPath(Path.Combine(Root, (string)service["project"]!));
            Assert.True(Directory.Exists(project), $"{name}: {project}");
            // azd would provision such a file in the place of the module.
            Assert.False(File.Exists(Path.Combine(Root, "Infra", $"{name}.bicep")));
            if (service["docker"] is not { } docker)
                continue;
            Assert.True(File.Exists(Path.Combine(project, (string)docker["path"]!)));
            Assert.Equal(Root, Path.GetFullPath(Path.Combine(project, (string)docker["context"]!)));
        }
    }

    [Fact]
    public void Hooks_run_the_same_on_every_system()
    {
        var hooks = AzdProject.Services().SelectMany(service => service.Service["hooks"] as JsonObject ?? []).Concat(AzdProject.Document["hooks"] as JsonObject ?? []).ToList();
        Assert.NotEmpty(hooks);
        foreach (var (_, hook) in hooks)
        {
            Assert.Equal("sh", (string?)hook!["posix"]!["shell"]);
            Assert.Equal("pwsh", (string?)hook["windows"]!["shell"]);
            Assert.Equal((string)hook["posix"]!["run"]!, (string)hook["windows"]!["run"]!);
        }
    }

    [Fact]
    public void The_image_that_azd_pushed_comes_back_as_a_parameter() => Assert.Contains(
        "readEnvironmentVariable('SERVICE_WORKER_IMAGE_NAME', '')", File.ReadAllText(Path.Combine(Root, "Infra", "main.bicepparam")), StringComparison.Ordinal);

    private static IEnumerable<string> Violations(string schema, JsonNode document)
    {
        using var parsed = JsonDocument.Parse(document.ToJsonString());
        var results = Schemas.GetOrAdd(schema, file => JsonSchema.FromText(File.ReadAllText(file))).Evaluate(parsed.RootElement, new EvaluationOptions { OutputFormat = OutputFormat.List });
        return results.IsValid ? []
            : [.. (results.Details ?? []).Where(detail => detail.Errors is { Count: > 0 }).Select(detail => $"{detail.InstanceLocation}: {string.Join("; ", detail.Errors!.Values)}"), "invalid"];
    }
}
