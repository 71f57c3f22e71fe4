using Infra.Tests.Bicep;

namespace Infra.Tests;

/// <summary>The Bicep files themselves: what the linter, the formatter and the parameter compiler say.</summary>
[Trait("Speed", "fast")]
public class SourceTests(BicepCli bicep)
{
    private static readonly string Infra = Path.Combine(LocalSystem.Repository(), "Infra");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_linter_says_nothing_and_every_rule_of_it_is_an_error()
    {
        BicepCli.SkipWhereAbsent();
        var (code, output, error) = await BicepCli.RunAsync(["lint", "--pattern", "**/*.bicep"], new Dictionary<string, string>(), Infra, Token);

        Assert.Equal((0, "", ""), (code, output, error));
        var rules = JsonNode.Parse(File.ReadAllText(Path.Combine(Infra, "bicepconfig.json")))!["analyzers"]!["core"]!["rules"]!.AsObject();
        Assert.All(rules, rule => Assert.Equal(rule.Key == "use-recent-api-versions" ? "off" : "error", (string)rule.Value!["level"]!));
        Assert.True(rules.Count >= 30, $"Expected every rule of the linter, found {rules.Count}.");
    }

    [Fact]
    public async Task Every_file_is_as_the_formatter_writes_it()
    {
        BicepCli.SkipWhereAbsent();
        var files = Directory.EnumerateFiles(Infra, "*.bicep*", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(ParameterSet.Folder(LocalSystem.Repository()), "*.bicepparam"))
            .Where(file => !file.EndsWith(".json", StringComparison.Ordinal));
        foreach (var file in files)
            Assert.Equal(await bicep.FormatAsync(file, Token), await File.ReadAllTextAsync(file, Token));
    }

    [Fact]
    public async Task The_parameter_file_takes_every_value_from_the_environment_that_azd_sets()
    {
        BicepCli.SkipWhereAbsent();
        var environment = new Dictionary<string, string>
        {
            ["AZURE_ENV_NAME"] = "trial",
            ["AZURE_LOCATION"] = "westus3",
            ["DURABLE_BACKEND"] = "storage",
            ["SCHEDULER_SKU"] = "Dedicated",
            ["WORKER_ACCELERATOR"] = "t4",
            ["WORKER_MAXIMUM"] = "7",
            ["PRIVATE_NETWORKING"] = "true",
            ["ALERT_EMAIL"] = "a@example.org",
            ["MONTHLY_BUDGET"] = "90",
            ["BUDGET_START"] = "2026-01-01",
            ["WEBHOOK_URL"] = "https://hook.example.org/runs",
            ["WEBHOOK_KEY"] = "k",
            ["SERVICE_WORKER_IMAGE_NAME"] = "registry.example.org/worker:2",
        };
        var (code, output, error) = await BicepCli.RunAsync(["build-params", "main.bicepparam", "--stdout"], environment, Infra, Token);

        Assert.Equal((0, ""), (code, error));
        var parameters = JsonNode.Parse((string)JsonNode.Parse(output)!["parametersJson"]!)!["parameters"]!.AsObject();
        var values = parameters.ToDictionary(pair => pair.Key, pair => pair.Value!["value"]!.ToJsonString().Trim('"'));
        Assert.Equal(
            new SortedDictionary<string, string>(StringComparer.Ordinal)
            {
                ["environmentName"] = "trial",
                ["location"] = "westus3",
                ["durableBackend"] = "storage",
                ["schedulerSku"] = "Dedicated",
                ["accelerator"] = "t4",
                ["maxWorkers"] = "7",
                ["privateNetworking"] = "true",
                ["alertEmail"] = "a@example.org",
                ["monthlyBudget"] = "90",
                ["budgetStart"] = "2026-01-01",
                ["webhookUrl"] = "https://hook.example.org/runs",
                ["webhookKey"] = "k",
                ["workerImage"] = "registry.example.org/worker:2",
            },
            new SortedDictionary<string, string>(values, StringComparer.Ordinal));
    }

    [Fact]
    public void No_module_comes_from_a_registry_and_no_file_at_the_root_is_named_as_a_service()
    {
        foreach (var file in Directory.EnumerateFiles(Infra, "*.bicep", SearchOption.AllDirectories))
            Assert.DoesNotContain("'br", File.ReadAllText(file), StringComparison.Ordinal);
        Assert.Equal(["main.bicep"], Directory.EnumerateFiles(Infra, "*.bicep").Select(Path.GetFileName));
    }
}
