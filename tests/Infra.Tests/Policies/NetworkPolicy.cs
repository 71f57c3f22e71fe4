using Infra.Tests.Bicep;

namespace Infra.Tests.Policies;

/// <summary>Private means private: what holds data has no public door and an endpoint for each service that is used.</summary>
internal static class NetworkPolicy
{
    private static readonly string[] HoldsData = ["Microsoft.Storage/storageAccounts", "Microsoft.DurableTask/schedulers", "Microsoft.KeyVault/vaults"];

    public static IEnumerable<string> Check(Snapshot snapshot)
    {
        foreach (var violation in HoldsData.SelectMany(snapshot.Of).SelectMany(resource =>
            Policy.Expect(resource, "properties.publicNetworkAccess", snapshot.Set.Private ? "Disabled" : "Enabled")))
        {
            yield return violation;
        }

        foreach (var violation in Policy.Same("the private endpoint", Endpoints(snapshot.Set), snapshot.Of("Microsoft.Network/privateEndpoints").Select(Endpoint)))
            yield return violation;
        if (!snapshot.Set.Private)
        {
            foreach (var resource in snapshot.Resources.Where(resource => resource.Type.StartsWith("Microsoft.Network/", StringComparison.Ordinal)))
                yield return $"Found {resource.Type} {resource.Name} although no private network was asked for.";
            yield break;
        }

        var subnets = snapshot.One("Microsoft.Network/virtualNetworks")["properties.subnets"]!.AsArray();
        foreach (var subnet in subnets.Where(subnet => subnet!["properties"]!["networkSecurityGroup"] is null))
            yield return $"Subnet {subnet!["name"]} has no security group.";
        foreach (var name in (string[])["functions", "workers"])
        {
            var delegation = (string?)subnets.SingleOrDefault(subnet => (string)subnet!["name"]! == name)?["properties"]?["delegations"]?[0]?["properties"]?["serviceName"];
            if (delegation != "Microsoft.App/environments")
                yield return $"Expected the subnet {name} to be delegated to Microsoft.App/environments, found {delegation ?? "nothing"}.";
        }

        // Flex Consumption and Container Apps cannot share a subnet.
        foreach (var violation in EndsWith(snapshot.One("Microsoft.Web/sites"), "properties.virtualNetworkSubnetId", "/subnets/functions")
            .Concat(EndsWith(snapshot.One("Microsoft.App/managedEnvironments"), "properties.vnetConfiguration.infrastructureSubnetId", "/subnets/workers")))
        {
            yield return violation;
        }

        foreach (var violation in Policy.Expect(snapshot.One("Microsoft.App/managedEnvironments"), "properties.publicNetworkAccess", "Disabled"))
            yield return violation;
    }

    private static IEnumerable<string> Endpoints(ParameterSet set) => set.Private
        ?
        [
            "blob of sthost", "blob of stdata", "queue of stdata", "registry of cr",
            .. set.OnScheduler ? (string[])["scheduler of dts"] : ["queue of sthost", "table of sthost"],
            .. set.Webhook ? (string[])["vault of kv"] : [],
        ]
        : [];

    private static string Endpoint(Resource endpoint)
    {
        var connection = endpoint["properties.privateLinkServiceConnections"]![0]!["properties"]!;
        var target = ((string)connection["privateLinkServiceId"]!).Split('/')[^1];
        return $"{connection["groupIds"]![0]} of {target[..^13].TrimEnd('-')}";
    }

    private static IEnumerable<string> EndsWith(Resource resource, string path, string ending)
    {
        if (((string?)resource[path])?.EndsWith(ending, StringComparison.Ordinal) != true)
            yield return $"{resource.Type} {resource.Name}: expected {path} to end in {ending}, found {resource[path]?.ToJsonString() ?? "nothing"}.";
    }
}
