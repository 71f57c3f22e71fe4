using Infra.Tests.Bicep;

namespace Infra.Tests.Policies;

/// <summary>No blob is public, every connection is encrypted, and what is deleted can be had back for a fortnight.</summary>
internal static class StoragePolicy
{
    public static IEnumerable<string> Check(Snapshot snapshot)
    {
        foreach (var account in snapshot.Of("Microsoft.Storage/storageAccounts"))
        {
            foreach (var violation in Policy.Expect(account, "properties.allowBlobPublicAccess", false)
                .Concat(Policy.Expect(account, "properties.minimumTlsVersion", "TLS1_2"))
                .Concat(Policy.Expect(account, "properties.supportsHttpsTrafficOnly", true)))
            {
                yield return violation;
            }
        }

        foreach (var violation in snapshot.Of("Microsoft.Storage/storageAccounts/blobServices/containers").SelectMany(container => Policy.Expect(container, "properties.publicAccess", "None")))
            yield return violation;
        foreach (var service in snapshot.Of("Microsoft.Storage/storageAccounts/blobServices"))
        {
            foreach (var deletion in (string[])["deleteRetentionPolicy", "containerDeleteRetentionPolicy"])
            {
                foreach (var violation in Policy.Expect(service, $"properties.{deletion}.enabled", true).Concat(Policy.Expect(service, $"properties.{deletion}.days", 14)))
                    yield return violation;
            }
        }

        foreach (var violation in Policy.Expect(snapshot.One("Microsoft.Storage/storageAccounts/blobServices", "stdata"), "properties.isVersioningEnabled", true))
            yield return violation;
    }
}
