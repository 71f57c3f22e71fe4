using Curriculum.Api;
using Curriculum.Telemetry;
using Curriculum.Work;
using Infra.Tests.Bicep;
using Orchestrations.Telemetry;

namespace Infra.Tests.Policies;

/// <summary>What happens is kept in the workspace, and four things are told: poison, failed runs, standstill, money.</summary>
internal static class MonitoringPolicy
{
    public static IEnumerable<string> Check(Snapshot snapshot) =>
        Logs(snapshot).Concat(Alerts(snapshot)).Concat(Budget(snapshot)).Concat(Policy.Expect(
            snapshot.One("Microsoft.App/managedEnvironments"), "properties.appLogsConfiguration.destination", "azure-monitor"));

    private static IEnumerable<string> Logs(Snapshot snapshot)
    {
        var workspace = snapshot.One("Microsoft.OperationalInsights/workspaces");
        var settings = snapshot.Of("Microsoft.Insights/diagnosticSettings").ToList();
        foreach (var setting in settings.Where(setting => !setting.Is("properties.workspaceId", workspace.Id)))
            yield return $"{setting.Id} does not send to the workspace {workspace.Name}.";
        var sources = settings.Select(setting => setting.Id[..setting.Id.IndexOf("/providers/Microsoft.Insights/", StringComparison.Ordinal)]);
        string[] types =
        [
            "Microsoft.Web/sites", "Microsoft.App/managedEnvironments", "Microsoft.ContainerRegistry/registries", "Microsoft.KeyVault/vaults",
            "Microsoft.Storage/storageAccounts/blobServices",
        ];
        foreach (var silent in types.SelectMany(snapshot.Of).Where(resource => !sources.Contains(resource.Id)))
            yield return $"{silent.Type} {silent.Name} has no diagnostic setting.";
    }

    private static IEnumerable<string> Alerts(Snapshot snapshot)
    {
        Dictionary<string, string[]> reads = new()
        {
            ["alert-poison-messages"] = [$"\"{AppMeasurements.QueueDepth.Name}\"", $"[\"{SignalTags.Queue}\"]", $"\"{StorageNames.WorkPoisonQueue}\"", $"\"{StorageNames.ResultsPoisonQueue}\""],
            ["alert-failed-runs"] = [$"\"{AppMeasurements.Runs.Name}\"", $"[\"{SignalTags.State}\"]", $"\"{ApiJson.Code(RunState.Failed)}\""],
            ["alert-no-progress"] = [$"\"{AppMeasurements.WorkQuiet.Name}\""],
        };
        var rules = snapshot.Of("Microsoft.Insights/scheduledQueryRules").ToDictionary(rule => rule.Name[..rule.Name.LastIndexOf('-')]);
        foreach (var violation in Policy.Same("the alert", reads.Keys, rules.Keys))
            yield return violation;
        foreach (var (name, rule) in rules)
        {
            var query = (string)rule["properties.criteria.allOf"]![0]!["query"]!;
            foreach (var absent in reads.GetValueOrDefault(name, []).Where(text => !query.Contains(text, StringComparison.Ordinal)))
                yield return $"Expected the alert {name} to read {absent}, found: {query}";
            if (!query.StartsWith("AppMetrics ", StringComparison.Ordinal))
                yield return $"Expected the alert {name} to read measurements, found: {query}";
            if (!rule.Is("properties.enabled", true) || ((rule["properties.actions.actionGroups"] as JsonArray)?.Count > 0) != snapshot.Set.Mail)
                yield return $"Expected the alert {name} to be on and {(snapshot.Set.Mail ? "" : "not ")}to be mailed.";
        }
    }

    private static IEnumerable<string> Budget(Snapshot snapshot)
    {
        var budgets = snapshot.Of("Microsoft.Consumption/budgets").ToList();
        if (budgets.Count != (snapshot.Set.Budget ? 1 : 0))
            yield return $"Expected {(snapshot.Set.Budget ? "a" : "no")} budget.";
        foreach (var budget in budgets.Where(budget => ((string?)budget["properties.timePeriod.startDate"])?.EndsWith("-01T00:00:00Z", StringComparison.Ordinal) != true))
            yield return $"A budget counts from the first day of a month, found {budget["properties.timePeriod.startDate"]}.";
    }
}
