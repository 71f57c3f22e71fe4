using Curriculum.Costs;
using Curriculum.Work;
using Infra.Tests.Bicep;
using Microsoft.Extensions.Configuration;
using Orchestrations.Storage;

namespace Infra.Tests.Policies;

/// <summary>The Functions app on Flex Consumption: its runtime, no setting that the plan forbids, and connections that its code understands.</summary>
internal static class AppPolicy
{
    private static readonly string[] Forbidden =
    [
        "FUNCTIONS_WORKER_RUNTIME", "FUNCTIONS_WORKER_RUNTIME_VERSION", "FUNCTIONS_EXTENSION_VERSION", "WEBSITE_RUN_FROM_PACKAGE",
        "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING", "WEBSITE_CONTENTSHARE", "WEBSITE_CONTENTOVERVNET", "WEBSITE_VNET_ROUTE_ALL",
        "SCM_DO_BUILD_DURING_DEPLOYMENT", "ENABLE_ORYX_BUILD", "WEBSITE_MAX_DYNAMIC_APPLICATION_SCALE_OUT", "AzureWebJobsStorage", "APPINSIGHTS_INSTRUMENTATIONKEY",
    ];

    public static IEnumerable<string> Check(Snapshot snapshot)
    {
        var app = snapshot.One("Microsoft.Web/sites");
        var plan = snapshot.One("Microsoft.Web/serverfarms");
        return Policy.Expect(plan, "sku.name", "FC1")
            .Concat(Policy.Expect(plan, "properties.reserved", true))
            .Concat(Policy.Expect(app, "kind", "functionapp,linux"))
            .Concat(Policy.Expect(app, "properties.httpsOnly", true))
            .Concat(Policy.Expect(app, "properties.functionAppConfig.runtime.name", "dotnet-isolated"))
            .Concat(Policy.Expect(app, "properties.functionAppConfig.runtime.version", "10.0"))
            .Concat(Policy.Expect(app, "properties.functionAppConfig.deployment.storage.authentication.type", "UserAssignedIdentity"))
            .Concat(Policy.Expect(app, "properties.siteConfig.linuxFxVersion", null))
            .Concat(Policy.Expect(app, "properties.siteConfig.alwaysOn", null))
            .Concat(Settings(snapshot));
    }

    private static IEnumerable<string> Settings(Snapshot snapshot)
    {
        var settings = snapshot.AppSettings();
        foreach (var name in settings.Keys.Where(name => Forbidden.Contains(name, StringComparer.OrdinalIgnoreCase)))
            yield return $"The setting {name} must not be set on Flex Consumption.";
        foreach (var connection in (string[])["AzureWebJobsStorage", StorageNames.DataConnection])
        {
            if (settings.GetValueOrDefault($"{connection}__credential") != "managedidentity" || !settings.ContainsKey($"{connection}__clientId"))
                yield return $"Expected {connection} to show the app's identity.";
        }

        if (settings.GetValueOrDefault("AzureWebJobsStorage__accountName") != snapshot.One("Microsoft.Storage/storageAccounts", "sthost").Name)
            yield return "Expected AzureWebJobsStorage to be the host account.";
        if (settings.GetValueOrDefault("APPLICATIONINSIGHTS_AUTHENTICATION_STRING")?.Contains(";Authorization=AAD", StringComparison.Ordinal) != true)
            yield return "Expected traces to be sent with the app's identity.";

        if (settings.GetValueOrDefault("Costs__Machine") != snapshot.Set.Accelerator || RateTable.Shipped.Machines.All(machine => machine.Name != snapshot.Set.Accelerator))
            yield return $"Expected plans to be priced on {snapshot.Set.Accelerator}, found {settings.GetValueOrDefault("Costs__Machine")}.";

        if (settings.ContainsKey("Webhook__Url") != snapshot.Set.Webhook)
            yield return "Expected the webhook's address exactly where there is a webhook.";

        // As the app's code reads it.
        var environment = settings.ToDictionary(
            pair => pair.Key.Replace("__", ":", StringComparison.Ordinal), pair => pair.Value.StartsWith('[') ? "https://known.when.deployed/" : pair.Value);
        string? refusal = null;
        try
        {
            _ = new DataStorage(new ConfigurationBuilder().AddInMemoryCollection(environment!).Build());
        }
        catch (InvalidOperationException refused)
        {
            refusal = refused.Message;
        }

        if (refusal is not null)
            yield return $"The app refuses its settings: {refusal}";
    }
}
