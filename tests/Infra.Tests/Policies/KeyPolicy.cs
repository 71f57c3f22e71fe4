using Infra.Tests.Bicep;

namespace Infra.Tests.Policies;

/// <summary>No key anywhere: nothing lists one, nothing accepts one, and no secret's text is in a template.</summary>
internal static class KeyPolicy
{
    private static readonly string[] Forbidden =
        ["listKeys", "listAccountSas", "listServiceSas", "listCredentials", "listSecrets", "AccountKey=", "SharedAccessSignature", "this-must-not-be-in-the-snapshot"];

    public static IEnumerable<string> Check(Snapshot snapshot)
    {
        foreach (var text in Forbidden.Where(text => snapshot.Text.Contains(text, StringComparison.OrdinalIgnoreCase)))
            yield return $"Found '{text}' in what would be deployed.";
        foreach (var violation in snapshot.Of("Microsoft.Storage/storageAccounts").SelectMany(account => Policy.Expect(account, "properties.allowSharedKeyAccess", false)))
            yield return violation;
        foreach (var violation in Policy.Expect(snapshot.One("Microsoft.ContainerRegistry/registries"), "properties.adminUserEnabled", false))
            yield return violation;
        foreach (var violation in Policy.Expect(snapshot.One("Microsoft.ContainerRegistry/registries"), "properties.anonymousPullEnabled", false))
            yield return violation;
        foreach (var violation in Policy.Expect(snapshot.One("Microsoft.Insights/components"), "properties.DisableLocalAuth", true))
            yield return violation;
        foreach (var violation in Policy.Expect(snapshot.One("Microsoft.OperationalInsights/workspaces"), "properties.features.disableLocalAuth", true))
            yield return violation;
        foreach (var violation in snapshot.Of("Microsoft.Web/sites/basicPublishingCredentialsPolicies").SelectMany(policy => Policy.Expect(policy, "properties.allow", false)))
            yield return violation;
        if (snapshot.Of("Microsoft.Web/sites/basicPublishingCredentialsPolicies").Count() != 2)
            yield return "Expected passwords for publishing to be refused for ftp and for scm.";
        if (snapshot.One("Microsoft.App/jobs")["properties.configuration.secrets"] is not null)
            yield return "Found secrets in the job; the worker needs none.";

        var references = snapshot.AppSettings().Where(setting => setting.Value.Contains("@Microsoft.KeyVault(", StringComparison.Ordinal)).Select(setting => setting.Key);
        foreach (var violation in Policy.Same("the reference to a secret", snapshot.Set.Webhook ? ["Webhook__Key"] : [], references))
            yield return violation;
        if (snapshot.Of("Microsoft.KeyVault/vaults").Any() != snapshot.Set.Webhook)
            yield return "Expected a vault exactly where there is a webhook.";
    }
}
