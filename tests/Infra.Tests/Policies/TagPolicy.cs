using Infra.Tests.Bicep;

namespace Infra.Tests.Policies;

/// <summary>azd finds a service by its tag: one resource each, of the kind that its host deploys to; everything carries the environment's name.</summary>
internal static class TagPolicy
{
    private const string ServiceTag = "azd-service-name";
    private const string EnvironmentTag = "azd-env-name";

    // Parts of another resource, and what Azure gives no tags.
    private static readonly string[] Untagged =
        ["Microsoft.Authorization/roleAssignments", "Microsoft.Insights/diagnosticSettings", "Microsoft.Consumption/budgets", "Microsoft.Network/privateDnsZones/virtualNetworkLinks"];

    private static readonly Dictionary<string, string> TypeByHost = new() { ["function"] = "Microsoft.Web/sites", ["containerapp"] = "Microsoft.App/jobs" };

    public static IEnumerable<string> Check(Snapshot snapshot)
    {
        var expected = AzdProject.Services().Select(service => $"{service.Name} on {TypeByHost.GetValueOrDefault(service.Host, service.Host)}");
        var found = snapshot.Resources.Where(resource => resource.Node["tags"]?[ServiceTag] is not null).Select(resource => $"{resource.Node["tags"]![ServiceTag]} on {resource.Type}").ToList();
        foreach (var violation in Policy.Same("the service", expected, found))
            yield return violation;
        if (found.Count != found.Distinct().Count())
            yield return $"A service's tag stands on several resources: {string.Join(", ", found)}.";
        foreach (var resource in snapshot.Resources.Where(resource => resource.Type.Split('/').Length == 2 && !Untagged.Contains(resource.Type)))
        {
            if (resource.Node["tags"]?[EnvironmentTag] is null)
                yield return $"{resource.Type} {resource.Name} lacks the tag {EnvironmentTag}.";
        }
    }
}
