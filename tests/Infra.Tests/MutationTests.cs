using Infra.Tests.Bicep;
using Infra.Tests.Policies;

namespace Infra.Tests;

/// <summary>The gate fails where it should: each of these faults, seeded into a copy of the tree, is caught by the policy named, and by the snapshots.</summary>
[Trait("Speed", "fast")]
public sealed class MutationTests(BicepCli bicep) : IDisposable
{
    private const string DeleteByAge =
        "  resource lifecycle 'managementPolicies' = { name: 'default', properties: { policy: { rules: [ { name: 'old', enabled: true, type: 'Lifecycle', "
        + "definition: { filters: { blobTypes: [ 'blockBlob' ] }, actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: 30 } } } } } ] } } }\n";

    private readonly string _root = Directory.CreateTempSubdirectory("mutation-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Policy, parameter set, file, what stands there, what is put there.</summary>
    public static TheoryData<string, string, string, string, string> Faults { get; } = new()
    {
        { "roles", "trial", "core/roles.bicep", "c6a89b2d-59bc-44d0-9896-0f6e12d7b80a", "8e3af657-a8ff-443c-a75c-2fe8c4bcb635" },
        { "roles", "trial", "core/data-storage.bicep", "scope: account::queueService::results\n", "scope: account\n" },
        { "roles", "t4", "core/host-storage.bicep", "= if (holdsTaskHub) {\n  name: guid(account.id, orchestrator.id, roles.tableDataContributor)",
            "= {\n  name: guid(account.id, orchestrator.id, roles.tableDataContributor)" },
        { "roles", "trial", "core/registry.bicep", "principalType: 'ServicePrincipal'", "principalType: 'User'" },
        { "keys", "trial", "core/data-storage.bicep", "allowSharedKeyAccess: false", "allowSharedKeyAccess: true" },
        { "keys", "trial", "core/registry.bicep", "adminUserEnabled: false", "adminUserEnabled: true" },
        { "keys", "trial", "app/orchestrations.bicep", "{ name: 'TASKHUB_NAME', value: taskHub }",
            "{ name: 'TASKHUB_NAME', value: taskHub }\n  { name: 'STORAGE_KEY', value: hostAccount.listKeys().keys[0].value }" },
        { "keys", "t4", "core/monitoring.bicep", "DisableLocalAuth: true", "DisableLocalAuth: false" },
        { "storage", "trial", "core/data-storage.bicep", "publicAccess: 'None'", "publicAccess: 'Blob'" },
        { "storage", "trial", "core/host-storage.bicep", "allowBlobPublicAccess: false", "allowBlobPublicAccess: true" },
        { "storage", "trial", "core/data-storage.bicep", "isVersioningEnabled: true", "isVersioningEnabled: false" },
        { "lifecycle", "trial", "core/data-storage.bicep", "  resource queueService 'queueServices' = {\n", $"{DeleteByAge}\n  resource queueService 'queueServices' = {{\n" },
        { "names-in-code", "trial", "core/names.bicep", "resultsPoison: 'results-poison'", "resultsPoison: 'poison-results'" },
        { "names-in-code", "trial", "core/names.bicep", "schedules: 'schedules'", "schedules: 'schedule'" },
        { "worker", "t4", "core/environment.bicep", "'Consumption-GPU-NC8as-T4'", "'Consumption-GPU-NC8as_T4'" },
        { "worker", "private-a100", "app/worker.bicep", "memory: '220Gi'", "memory: '224Gi'" },
        { "worker", "trial", "app/worker.bicep", "queueName: queues.work\n", "queueName: queues.results\n" },
        { "worker", "trial", "app/worker.bicep", "triggerType: 'Event'", "triggerType: 'Events'" },
        { "worker", "trial", "app/worker.bicep", "minExecutions: 0", "minExecutions: 1" },
        { "worker", "trial", "app/worker.bicep", "'Worker__ExitWhenIdleSeconds'", "'Worker__ExitAfterIdleSeconds'" },
        { "worker", "trial", "app/worker.bicep", "identity: platform.id\n          lifecycle: 'None'", "identity: platform.id\n          lifecycle: 'All'" },
        { "app", "trial", "app/orchestrations.bicep", "{ name: 'TASKHUB_NAME', value: taskHub }",
            "{ name: 'TASKHUB_NAME', value: taskHub }\n  { name: 'FUNCTIONS_WORKER_RUNTIME', value: 'dotnet-isolated' }" },
        { "app", "t4", "main.bicep", "    maximumInstances: maximumInstances\n    accelerator: accelerator", "    maximumInstances: maximumInstances\n    accelerator: 'cpu'" },
        { "app", "trial", "app/orchestrations.bicep", "version: '10.0'", "version: '9.0'" },
        { "app", "trial", "app/orchestrations.bicep", "'DataStorage__queueServiceUri'", "'DataStorage__queueUri'" },
        { "backend", "t4", "app/orchestrations.bicep", "value: taskHub }", "value: '${taskHub}-runs' }" },
        { "backend", "t4", "core/scheduler.bicep", "ipAllowlist: ['0.0.0.0/0']", "ipAllowlist: []" },
        { "network", "private-a100", "core/data-storage.bicep", "publicNetworkAccess: isPrivate ? 'Disabled' : 'Enabled'", "publicNetworkAccess: 'Enabled'" },
        { "network", "storage", "main.bicep", "subnetId: privateNetworking ? '${subnetRoot}/functions' : ''", "subnetId: privateNetworking ? '${subnetRoot}/workers' : ''" },
        { "azd-tags", "trial", "core/names.bicep", "worker: 'worker'\n}", "worker: 'gpu-worker'\n}" },
        { "resource-names", "trial", "main.bicep", "job: 'job-worker-${token}'", "job: 'container-app-job-worker-${token}'" },
        { "monitoring", "trial", "core/alerts.bicep", "curriculum.runs", "curriculum.run" },
        { "monitoring", "trial", "core/environment.bicep", "destination: 'azure-monitor'", "destination: 'none'" },
        { "monitoring", "t4", "core/alerts.bicep", "= if (monthlyBudget > 0)", "= if (monthlyBudget > 1000)" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_seeded_fault_is_caught(string policy, string setName, string file, string from, string to)
    {
        BicepCli.SkipWhereAbsent();
        var set = ParameterSet.Named(setName);
        await SeedAsync(file, from, to);
        var seeded = await bicep.SnapshotAsync(set.File(_root), Token);

        Assert.False(JsonNode.DeepEquals(SnapshotTests.Committed(set), seeded), "The snapshot is the same as without the fault.");
        Assert.Contains(Policy.Violations(new Snapshot(set, seeded)), violation => violation.StartsWith($"{policy}: ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("BCP037", "core/registry.bicep", "adminUserEnabled: false", "adminEnabled: false")]
    [InlineData("no-unused-params", "core/registry.bicep", "param location string", "param location string\nparam zone string")]
    [InlineData("outputs-should-not-contain-secrets", "core/host-storage.bicep", "output", "")]
    [InlineData("BCP104", "core/environment.bicep", "param location string", "param location")]
    public async Task A_fault_in_the_text_is_told_by_the_compiler(string code, string file, string from, string to)
    {
        BicepCli.SkipWhereAbsent();
        if (from == "output")
            await AppendAsync(file, "\noutput key string = account.listKeys().keys[0].value\n");
        else
            await SeedAsync(file, from, to);
        var compiled = await bicep.CompileAsync(Path.Combine(_root, "Infra", "main.bicep"), Token);

        Assert.Contains(compiled.Diagnostics, diagnostic => diagnostic.Code == code);
    }

    [Fact]
    public async Task Without_a_fault_a_copy_passes_all_that_the_faults_are_held_against()
    {
        BicepCli.SkipWhereAbsent();
        Copy();
        var compiled = await bicep.CompileAsync(Path.Combine(_root, "Infra", "main.bicep"), Token);
        Assert.Empty(compiled.Diagnostics);
        foreach (var set in ParameterSet.All)
            Assert.Empty(Policy.Violations(new Snapshot(set, await bicep.SnapshotAsync(set.File(_root), Token))));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private async Task SeedAsync(string file, string from, string to)
    {
        Copy();
        var path = Path.Combine(_root, "Infra", file);
        var text = await File.ReadAllTextAsync(path, Token);
        Assert.Contains(from, text, StringComparison.Ordinal);
        await File.WriteAllTextAsync(path, text.Replace(from, to, StringComparison.Ordinal), Token);
    }

    private async Task AppendAsync(string file, string text)
    {
        Copy();
        await File.AppendAllTextAsync(Path.Combine(_root, "Infra", file), text, Token);
    }

    private void Copy()
    {
        var checkout = LocalSystem.Repository();
        var files = Directory.EnumerateFiles(Path.Combine(checkout, "Infra"), "*", SearchOption.AllDirectories)
            .Concat(Directory.EnumerateFiles(ParameterSet.Folder(checkout), "*.bicepparam"));
        foreach (var file in files)
        {
            var copy = Path.Combine(_root, Path.GetRelativePath(checkout, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
