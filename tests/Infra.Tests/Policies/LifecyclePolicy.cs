using Infra.Tests.Bicep;

namespace Infra.Tests.Policies;

/// <summary>No rule deletes blobs by age: the application alone deletes.</summary>
internal static class LifecyclePolicy
{
    public static IEnumerable<string> Check(Snapshot snapshot) =>
        from policy in snapshot.Of("Microsoft.Storage/storageAccounts/managementPolicies")
        from rule in policy["properties.policy.rules"]!.AsArray()
        select $"Rule {rule!["name"]} deletes blobs by age; only the application may delete.";
}
