using Infra.Tests.Bicep;

namespace Infra.Tests.Policies;

/// <summary>Identities have exactly these roles, each on one resource, and no person or group has any.</summary>
internal static class RolePolicy
{
    private const string BlobDataOwner = "b7e6dc6d-f1e8-4753-8033-0f276bb0955b";
    private const string BlobDataContributor = "ba92f5b4-2d11-453d-a403-e96b0029c9fe";
    private const string QueueDataContributor = "974c5e8b-45b9-4653-ba55-5f855dd0fb88";
    private const string QueueMessageSender = "c6a89b2d-59bc-44d0-9896-0f6e12d7b80a";
    private const string QueueDataReader = "19e7f393-937e-4f77-808e-94535e297925";
    private const string TableDataContributor = "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3";
    private const string AcrPull = "7f951dda-4ed3-4680-a7ca-43fe172d538d";
    private const string DurableTaskDataContributor = "0ad04412-c4d5-4796-b79c-f76d14c8d402";
    private const string MonitoringMetricsPublisher = "3913510d-42f4-4e42-8a64-420c390055eb";
    private const string KeyVaultSecretsUser = "4633458b-17de-408a-b874-0445c86b69e6";

    public static IEnumerable<string> Check(Snapshot snapshot)
    {
        var violations = Policy.Same(
            "the role assignment", Expected(snapshot.Set).Select(grant => grant.ToString()), snapshot.Grants().Select(grant => grant.ToString()));
        return violations.Concat(snapshot.Of("Microsoft.Authorization/roleAssignments").SelectMany(assignment =>
            Policy.Expect(assignment, "properties.principalType", "ServicePrincipal")));
    }

    private static IEnumerable<Grant> Expected(ParameterSet set)
    {
        const string Host = "Microsoft.Storage/storageAccounts/sthost";
        const string Data = "Microsoft.Storage/storageAccounts/stdata";
        const string Queues = $"{Data}/queueServices/default/queues/";
        yield return new("orchestrator", BlobDataOwner, Host);
        yield return new("orchestrator", BlobDataContributor, Data);
        yield return new("orchestrator", QueueDataContributor, Data);
        yield return new("orchestrator", MonitoringMetricsPublisher, "Microsoft.Insights/components/appi");
        yield return new("worker", MonitoringMetricsPublisher, "Microsoft.Insights/components/appi");
        yield return new("worker", BlobDataContributor, Data);
        yield return new("worker", QueueDataContributor, Queues + "work");
        yield return new("worker", QueueMessageSender, Queues + "results");
        yield return new("worker", QueueMessageSender, Queues + "work-poison");
        yield return new("platform", QueueDataReader, Queues + "work");
        yield return new("platform", AcrPull, "Microsoft.ContainerRegistry/registries/cr");
        if (set.OnScheduler)
        {
            yield return new("orchestrator", DurableTaskDataContributor, "Microsoft.DurableTask/schedulers/dts/taskHubs/curriculum");
        }
        else
        {
            // The hub's tables and control queues lie in the host account then.
            yield return new("orchestrator", TableDataContributor, Host);
            yield return new("orchestrator", QueueDataContributor, Host);
        }

        if (set.Webhook)
            yield return new("orchestrator", KeyVaultSecretsUser, "Microsoft.KeyVault/vaults/kv/secrets/webhook-key");
    }
}
