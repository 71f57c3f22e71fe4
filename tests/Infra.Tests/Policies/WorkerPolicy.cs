using Curriculum.Work;
using GpuWorker.Worker;
using Infra.Tests.Bicep;
using Microsoft.Extensions.Configuration;

namespace Infra.Tests.Policies;

/// <summary>The worker is a job that the work queue starts, on a profile that exists, with settings that it understands.</summary>
internal static class WorkerPolicy
{
    // Profile type, and the most that one of its replicas has.
    private static readonly Dictionary<string, (string? Type, string Profile, double Cpu, string Memory, string Device)> Machines = new()
    {
        ["cpu"] = (null, "Consumption", 2, "4Gi", "cpu"),
        ["t4"] = ("Consumption-GPU-NC8as-T4", "gpu", 8, "56Gi", "cuda"),
        ["a100"] = ("Consumption-GPU-NC24-A100", "gpu", 24, "220Gi", "cuda"),
    };

    public static IEnumerable<string> Check(Snapshot snapshot)
    {
        var job = snapshot.One("Microsoft.App/jobs");
        var machine = Machines[snapshot.Set.Accelerator];
        return Profiles(snapshot, machine.Type)
            .Concat(Policy.Expect(job, "properties.workloadProfileName", machine.Profile))
            .Concat(Policy.Expect(job, "properties.configuration.triggerType", "Event"))
            .Concat(Policy.Expect(job, "properties.configuration.replicaRetryLimit", 0))
            .Concat(Policy.Expect(job, "properties.configuration.eventTriggerConfig.parallelism", 1))
            .Concat(Policy.Expect(job, "properties.configuration.eventTriggerConfig.scale.minExecutions", 0))
            .Concat(job["properties.configuration.replicaTimeout"] is null ? ["The job has no replicaTimeout."] : [])
            .Concat(Size(snapshot.Worker(), machine.Cpu, machine.Memory))
            .Concat(Scaler(snapshot, job))
            .Concat(Identities(job))
            .Concat(Settings(snapshot, machine.Device));
    }

    private static IEnumerable<string> Profiles(Snapshot snapshot, string? gpu)
    {
        var profiles = snapshot.One("Microsoft.App/managedEnvironments")["properties.workloadProfiles"]!.AsArray();
        foreach (var violation in Policy.Same("the workload profile", gpu is null ? ["Consumption"] : ["Consumption", gpu], profiles.Select(profile => (string)profile!["workloadProfileType"]!)))
            yield return violation;
        foreach (var profile in profiles.Where(profile => profile!["minimumCount"] is not null))
            yield return $"Profile {profile!["name"]} keeps machines while nothing is queued.";
    }

    private static IEnumerable<string> Size(JsonObject container, double cpu, string memory)
    {
        if ((double?)container["resources"]?["cpu"] != cpu || (string?)container["resources"]?["memory"] != memory)
            yield return $"Expected {cpu} cores and {memory} for this profile, found {container["resources"]?.ToJsonString()}.";
    }

    private static IEnumerable<string> Scaler(Snapshot snapshot, Resource job)
    {
        if (job["properties.configuration.eventTriggerConfig.scale.rules"] is not JsonArray { Count: 1 } rules)
            return ["Expected one scale rule, on the work queue."];
        var rule = new Resource(rules[0]!.AsObject());
        return Policy.Expect(rule with { Node = Named(rule) }, "type", "azure-queue")
            .Concat(Policy.Expect(rule with { Node = Named(rule) }, "metadata.queueName", StorageNames.WorkQueue))
            .Concat(Policy.Expect(rule with { Node = Named(rule) }, "metadata.accountName", snapshot.One("Microsoft.Storage/storageAccounts", "stdata").Name))
            .Concat(((string?)rule.Node["identity"])?.Contains("/id-platform-", StringComparison.Ordinal) == true ? [] : ["Expected the scaler to show the platform's identity."])
            .Concat(rule.Node["auth"] is JsonArray { Count: > 0 } ? ["The scaler takes a secret."] : []);
    }

    private static JsonObject Named(Resource rule)
    {
        var named = rule.Node.DeepClone().AsObject();
        named["name"] ??= "rule";
        named["type"] ??= "";
        return named;
    }

    private static IEnumerable<string> Identities(Resource job) => Policy.Same(
        "the identity's lifecycle",
        ["platform None", "worker Main"],
        (job["properties.configuration.identitySettings"] as JsonArray ?? []).Select(setting =>
            $"{((string)setting!["identity"]!).Split('/')[^1].Split('-')[1]} {setting["lifecycle"]}"));

    /// <summary>The worker's own reading of its environment, faults included; values that only a deployment knows are stood in for.</summary>
    private static IEnumerable<string> Settings(Snapshot snapshot, string device)
    {
        var environment = snapshot.WorkerEnvironment().ToDictionary(
            pair => pair.Key.Replace("__", ":", StringComparison.Ordinal),
            pair => pair.Value.StartsWith('[') ? "https://known.when.deployed/" : pair.Value);
        var settings = GpuWorker.Worker.Settings.Read(new ConfigurationBuilder().AddInMemoryCollection(environment!).Build(), out var faults);
        foreach (var fault in faults)
            yield return $"The worker refuses its settings: {fault}";
        if (settings.Storage is not { ConnectionString: null, BlobServiceUri: not null, QueueServiceUri: not null, ClientId: not null })
            yield return "Expected the worker to reach storage by the addresses of its services and its identity.";
        if (settings.Compute.Device != device)
            yield return $"Expected the worker to compute on {device}, found {settings.Compute.Device}.";
        if (settings.Worker.ExitWhenIdleSeconds <= 0)
            yield return "A worker that never ends for want of work costs while nothing is queued.";
        if (settings.Worker.StopSeconds + 2 >= 30)
            yield return "A stopping job has 30 s; the worker takes longer to give its item back.";
    }
}
