using Infra.Tests.Bicep;

namespace Infra.Tests.Policies;

/// <summary>One durable backend: the hub that the app's settings and its host.json name is the hub that is made.</summary>
internal static class BackendPolicy
{
    public static IEnumerable<string> Check(Snapshot snapshot)
    {
        var settings = snapshot.AppSettings();
        var hub = settings.GetValueOrDefault(HostFile.HubSetting);
        var connection = settings.GetValueOrDefault(HostFile.SchedulerConnection);
        if (!snapshot.Set.OnScheduler)
        {
            if (hub is null)
                yield return $"Expected the hub's name in {HostFile.HubSetting}.";
            if (connection is not null || snapshot.Resources.Any(resource => resource.Type.StartsWith("Microsoft.DurableTask/", StringComparison.Ordinal)))
                yield return "Found a scheduler although orchestrations are kept in Azure Storage.";
            yield break;
        }

        var hubs = snapshot.Of("Microsoft.DurableTask/schedulers/taskHubs").Select(each => each.Name.Split('/')[^1]).ToList();
        if (hubs.Count != 1 || hubs[0] != hub)
            yield return $"Expected the one hub {hub} of the setting {HostFile.HubSetting}, found {string.Join(", ", hubs)}.";
        if (connection?.Contains(";Authentication=ManagedIdentity;ClientID=", StringComparison.Ordinal) != true)
            yield return $"Expected {HostFile.SchedulerConnection} to show the app's identity, found {connection ?? "nothing"}.";
        if (snapshot.One("Microsoft.DurableTask/schedulers")["properties.ipAllowlist"] is not JsonArray { Count: > 0 })
            yield return "An empty ipAllowlist lets nobody reach the scheduler.";
    }
}
