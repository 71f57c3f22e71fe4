using System.Diagnostics;
using Infra.Tests.Bicep;

namespace Infra.Tests;

/// <summary>One host.json for each durable backend, and the package gets the one that was chosen.</summary>
[Trait("Speed", "slow")]
public class HostFileTests
{
    private static readonly string Root = LocalSystem.Repository();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Both_files_say_the_same_but_for_the_backend()
    {
        var (scheduler, storage) = (HostFile.Read("host.scheduler.json"), HostFile.Read("host.json"));
        var provider = scheduler["extensions"]!["durableTask"]!["storageProvider"]!.DeepClone();
        var other = storage["extensions"]!["durableTask"]!["storageProvider"]!.DeepClone();
        Assert.Equal("""{"type":"azureManaged","connectionStringName":"DURABLE_TASK_SCHEDULER_CONNECTION_STRING"}""", provider.ToJsonString());
        Assert.Equal(("AzureStorage", "AzureWebJobsStorage"), ((string)other["type"]!, (string)other["connectionName"]!));
        // What a host that ended held shows again after the least time that the backend allows, in the place of five minutes.
        Assert.Equal(("00:01:00", "00:01:00"), ((string)other["controlQueueVisibilityTimeout"]!, (string)other["workItemQueueVisibilityTimeout"]!));

        var durable = storage["extensions"]!["durableTask"]!.AsObject();
        durable["storageProvider"] = provider;
        Assert.Equal(scheduler.ToJsonString(), storage.ToJsonString());
    }

    [Theory]
    [MemberData(nameof(ParameterSet.Names), MemberType = typeof(ParameterSet))]
    public void A_deployment_sets_what_its_host_file_refers_to(string name)
    {
        var set = ParameterSet.Named(name);
        var durable = HostFile.Read(set.OnScheduler ? "host.scheduler.json" : "host.json")["extensions"]!["durableTask"]!;
        var settings = new Snapshot(set, SnapshotTests.Committed(set)).AppSettings();

        Assert.Equal($"%{HostFile.HubSetting}%", (string?)durable["hubName"]);
        Assert.Contains(HostFile.HubSetting, settings.Keys);
        var connection = (string)(durable["storageProvider"]!["connectionStringName"] ?? durable["storageProvider"]!["connectionName"])!;
        Assert.Contains(settings.Keys, setting => setting == connection || setting.StartsWith($"{connection}__", StringComparison.Ordinal));
        Assert.False((bool)durable["tracing"]!["traceInputsAndOutputs"]!);
    }

    [Theory]
    [InlineData("scheduler", "host.scheduler.json")]
    [InlineData("storage", "host.json")]
    public async Task The_package_gets_the_host_file_of_the_backend(string backend, string file)
    {
        // What a publish would copy.
        var (code, output) = await MSBuildAsync(
            Path.Combine(Root, "Orchestrations"), [], "-t:ComputeResolvedFilesToPublishList", "-getItem:ResolvedFileToPublish", "-p:NoBuild=true", $"-p:DurableBackend={backend}");

        Assert.True(code == 0, output);
        var files = JsonNode.Parse(output)!["Items"]!["ResolvedFileToPublish"]!.AsArray();
        var host = Assert.Single(files, each => (string)each!["RelativePath"]! == "host.json");
        Assert.Equal(Path.Combine(Root, file), (string)host!["FullPath"]!);
    }

    [Theory]
    [InlineData("", "../host.json")]
    [InlineData("scheduler", "../host.scheduler.json")]
    [InlineData("storage", "../host.json")]
    [InlineData("sqlite", null)]
    public async Task The_hook_before_packaging_keeps_the_choice_for_the_publish_that_follows(string chosen, string? file)
    {
        var folder = Directory.CreateTempSubdirectory("backend-");
        try
        {
            var project = folder.CreateSubdirectory("Orchestrations").FullName;
            File.Copy(Path.Combine(Root, "Orchestrations", "Orchestrations.csproj"), Path.Combine(project, "Orchestrations.csproj"));
            foreach (var shared in Directory.EnumerateFiles(Root, "Directory.*"))
                File.Copy(shared, Path.Combine(folder.FullName, Path.GetFileName(shared)));
            Directory.CreateDirectory(Path.Combine(folder.FullName, "GpuWorker", "build"));
            File.Copy(Path.Combine(Root, "GpuWorker", "build", "LibTorchSharp.targets"), Path.Combine(folder.FullName, "GpuWorker", "build", "LibTorchSharp.targets"));
            // The line of azure.yaml, as azd runs it: in the service's folder, with azd's environment.
            var hook = (string)AzdProject.Services().Single(service => service.Name == "orchestrations").Service["hooks"]!["prepackage"]!["posix"]!["run"]!;
            var (code, output) = await RunAsync(hook, project, new() { ["DURABLE_BACKEND"] = chosen });
            if (file is null)
            {
                Assert.NotEqual(0, code);
                Assert.Contains("Expected DURABLE_BACKEND to be scheduler or storage, found 'sqlite'.", output, StringComparison.Ordinal);
                return;
            }

            Assert.True(code == 0, output);
            var selected = await MSBuildAsync(project, [], "-getProperty:HostFile", "-p:_IsPublishing=true");
            Assert.Equal((0, file), (selected.Code, selected.Output.Trim()));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static Task<(int Code, string Output)> MSBuildAsync(string folder, Dictionary<string, string> environment, params string[] arguments) =>
        RunAsync($"dotnet msbuild -nologo Orchestrations.csproj {string.Join(' ', arguments)}", folder, environment);

    private static async Task<(int Code, string Output)> RunAsync(string line, string folder, Dictionary<string, string> environment)
    {
        var words = line.Split(' ');
        var start = new ProcessStartInfo(words[0], words[1..]) { RedirectStandardOutput = true, WorkingDirectory = folder };
        // What the test runner's own build put there would change this one.
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("MSBUILD", StringComparison.OrdinalIgnoreCase)).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        return (process.ExitCode, output);
    }
}
