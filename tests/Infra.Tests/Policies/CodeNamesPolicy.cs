using Curriculum.Work;
using Infra.Tests.Bicep;

namespace Infra.Tests.Policies;

/// <summary>Queues and containers are those of <see cref="StorageNames"/>, in the data account.</summary>
internal static class CodeNamesPolicy
{
    public static IEnumerable<string> Check(Snapshot snapshot) =>
        Policy.Same("the queue", StorageNames.Queues, In(snapshot, "Microsoft.Storage/storageAccounts/queueServices/queues", "stdata"))
            .Concat(Policy.Same("the container", StorageNames.Containers, In(snapshot, "Microsoft.Storage/storageAccounts/blobServices/containers", "stdata")))
            .Concat(Policy.Same("the container of the host account", ["packages"], In(snapshot, "Microsoft.Storage/storageAccounts/blobServices/containers", "sthost")));

    private static IEnumerable<string> In(Snapshot snapshot, string type, string account) =>
        snapshot.Of(type).Where(each => each.Name.StartsWith(account, StringComparison.Ordinal)).Select(each => each.Name.Split('/')[^1]);
}
