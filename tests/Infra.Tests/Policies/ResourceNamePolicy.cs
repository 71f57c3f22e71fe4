using System.Text.RegularExpressions;
using Infra.Tests.Bicep;

namespace Infra.Tests.Policies;

/// <summary>Every name has the length and the letters that its service takes.</summary>
internal static class ResourceNamePolicy
{
    private static readonly Dictionary<string, string> Forms = new()
    {
        ["Microsoft.Resources/resourceGroups"] = @"^[\w.()-]{1,89}[\w()-]$",
        ["Microsoft.ManagedIdentity/userAssignedIdentities"] = "^[A-Za-z0-9][A-Za-z0-9_-]{2,127}$",
        ["Microsoft.OperationalInsights/workspaces"] = "^[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]$",
        ["Microsoft.Insights/components"] = "^.{1,254}[^ .%&?/]$",
        ["Microsoft.Storage/storageAccounts"] = "^[a-z0-9]{3,24}$",
        ["Microsoft.ContainerRegistry/registries"] = "^[a-zA-Z0-9]{5,50}$",
        ["Microsoft.DurableTask/schedulers"] = "^[a-zA-Z0-9-]{3,64}$",
        ["Microsoft.KeyVault/vaults"] = "^[a-zA-Z][a-zA-Z0-9-]{1,22}[a-zA-Z0-9]$",
        ["Microsoft.App/managedEnvironments"] = "^[a-z][a-z0-9-]{0,58}[a-z0-9]$",
        ["Microsoft.App/jobs"] = "^[a-z][a-z0-9-]{0,30}[a-z0-9]$",
        ["Microsoft.Web/serverfarms"] = "^[a-zA-Z0-9-]{1,60}$",
        ["Microsoft.Web/sites"] = "^[a-zA-Z0-9][a-zA-Z0-9-]{0,58}[a-zA-Z0-9]$",
        ["Microsoft.Network/virtualNetworks"] = @"^[a-zA-Z0-9][\w.-]{0,62}[\w]$",
        ["Microsoft.Network/networkSecurityGroups"] = @"^[a-zA-Z0-9][\w.-]{0,78}[\w]$",
        ["Microsoft.Network/privateEndpoints"] = @"^[a-zA-Z0-9][\w.-]{0,62}[\w]$",
        ["Microsoft.Network/privateDnsZones"] = ".",
        ["Microsoft.Insights/actionGroups"] = "^[^:<>+/&%\\\\?]{1,260}$",
        ["Microsoft.Insights/scheduledQueryRules"] = "^[^*#<>%&:\\\\?+/]{1,260}$",
        ["Microsoft.Consumption/budgets"] = "^[a-zA-Z0-9_-]{1,63}$",
    };

    public static IEnumerable<string> Check(Snapshot snapshot)
    {
        foreach (var resource in snapshot.Resources.Where(resource => resource.Type.Split('/').Length == 2))
        {
            if (resource.Type is "Microsoft.Authorization/roleAssignments" or "Microsoft.Insights/diagnosticSettings")
                continue;
            if (!Forms.TryGetValue(resource.Type, out var form))
                yield return $"No form of names is known for {resource.Type}; add it here.";
            else if (!Regex.IsMatch(resource.Name, form))
                yield return $"{resource.Type} cannot be named '{resource.Name}' ({form}).";
        }

        foreach (var clash in snapshot.Resources.GroupBy(resource => resource.Id, StringComparer.OrdinalIgnoreCase).Where(same => same.Count() > 1))
            yield return $"{clash.Key} is declared {clash.Count()} times.";
    }
}
