using LocalHost.Hosting;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;

namespace LocalHost.Tests.Hosting;

public sealed class SettingsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("host-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Host_json_and_local_settings_are_read_and_overridden()
    {
        Write("host.json", """
            {
              // As the cloud has it.
              "version": "2.0",
              "extensions": {
                "durableTask": { "hubName": "%HUB%", "defaultVersion": "1.0", "maxConcurrentActivityFunctions": 3 },
                "queues": { "maxPollingInterval": "00:00:02", "visibilityTimeout": "00:00:30", "batchSize": 4, "messageEncoding": "none" },
                "http": { "routePrefix": "v1" }
              }
            }
            """);
        Write("local.settings.json", """
            {
              "IsEncrypted": false,
              "Values": {
                "AzureWebJobsStorage": "UseDevelopmentStorage=true",
                "HUB": "fromlocal",
                "AzureFunctionsJobHost__extensions__queues__batchSize": "8"
              }
            }
            """);
        var settings = HostSettings.Read(Configuration(new() { ["HUB"] = "fromenvironment" }));

        Assert.Equal("UseDevelopmentStorage=true", settings.Storage);
        Assert.Equal("fromenvironment", settings.HubName);
        Assert.Equal("1.0", settings.Versions.Default);
        Assert.Equal(3, settings.MaxActivities);
        Assert.Equal(
            new QueueSettings
            {
                MaxPollingInterval = TimeSpan.FromSeconds(2),
                VisibilityTimeout = TimeSpan.FromSeconds(30),
                BatchSize = 8,
                NewBatchThreshold = 4,
                Base64 = false,
            },
            settings.Queues);
        Assert.Equal("v1", settings.RoutePrefix);
    }

    [Fact]
    public void Without_files_the_official_defaults_hold()
    {
        var settings = HostSettings.Read(Configuration(new() { ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true" }));

        Assert.Equal("api", settings.RoutePrefix);
        Assert.Equal(7071, settings.Port);
        Assert.Equal(100L * 1024 * 1024, settings.MaxRequestBody);
        Assert.Equal((16, 8, 5, true, TimeSpan.Zero), (
            settings.Queues.BatchSize, settings.Queues.NewBatchThreshold, settings.Queues.MaxDequeueCount, settings.Queues.Base64, settings.Queues.VisibilityTimeout));
    }

    [Theory]
    [InlineData("AzureWebJobsStorage", null, "Expected a storage account in the setting AzureWebJobsStorage and found none")]
    [InlineData("AzureFunctionsJobHost:extensions:durableTask:hubName", "%NOWHERE%", "the app has no setting 'NOWHERE'")]
    [InlineData("AzureFunctionsJobHost:extensions:queues:batchSize", "many", "found 'many'")]
    [InlineData("AzureFunctionsJobHost:extensions:queues:batchSize", "33", "at most 32")]
    [InlineData("AzureFunctionsJobHost:extensions:queues:messageEncoding", "base65", "base64 or none")]
    [InlineData("AzureFunctionsJobHost:extensions:durableTask:versionMatchStrategy", "Newest", "None, Strict, CurrentOrOlder")]
    [InlineData("LocalHost:Prt", "7072", "Prt")]
    [InlineData("LocalHost:StorageTimeoutSeconds", "0", "from 0.1 to 600 and found 0")]
    [InlineData("urls", "http://0.0.0.0:80", "this host serves the machine it runs on alone")]
    public void A_wrong_setting_is_refused_by_name(string key, string? value, string expected)
    {
        var refusal = Assert.Throws<HostSettingsException>(() => HostSettings.Read(Configuration(new()
        {
            ["AzureWebJobsStorage"] = "UseDevelopmentStorage=true",
            [key] = value,
        })));
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_binding_finds_its_connection_with_and_without_the_prefix()
    {
        var configuration = Configuration(new() { ["AzureWebJobsOne"] = "1", ["Two"] = "2", ["AzureWebJobsStorage"] = "0" });
        Assert.Equal("1", StorageConnections.Find(configuration, "One", "F"));
        Assert.Equal("2", StorageConnections.Find(configuration, "Two", "F"));
        Assert.Equal("0", StorageConnections.Find(configuration, null, "F"));
        Assert.Throws<HostSettingsException>(() => StorageConnections.Find(configuration, "Three", "F"));
    }

    [Theory]
    [InlineData(typeof(SameName), "a name of its own")]
    [InlineData(typeof(NoTrigger), "one trigger and found 0")]
    [InlineData(typeof(NotPublic), "a public method")]
    public void A_function_that_no_host_could_run_is_refused(Type type, string expected)
    {
        var refusal = Assert.Throws<HostSettingsException>(() => FunctionDiscovery.Find([type]));
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(typeof(UnboundActivity), "Nothing binds the parameter 'other'")]
    [InlineData(typeof(UnboundHttp), "name it in the route")]
    public void A_parameter_that_nothing_binds_is_refused(Type type, string expected)
    {
        var refusal = Assert.Throws<HostSettingsException>(() => FunctionChecks.Check(FunctionDiscovery.Find([type]), servesHttp: true));
        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Storage_that_does_not_answer_is_named_in_one_sentence()
    {
        var builder = TestHost.Builder(null, [], null, "AzureWebJobsStorage=DefaultEndpointsProtocol=http;AccountName=a;AccountKey=YQ==;BlobEndpoint=http://127.0.0.1:9/a;QueueEndpoint=http://127.0.0.1:9/a");
        await using var host = builder.BuildHost();
        var refusal = await Assert.ThrowsAsync<HostSettingsException>(() => host.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains("start Azurite", refusal.Message, StringComparison.Ordinal);
    }

    private ConfigurationManager Configuration(Dictionary<string, string?> environment)
    {
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(environment);
        SettingFiles.AddTo(configuration, _folder, _folder);
        return configuration;
    }

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder, name), text);

    private static class SameName
    {
        [Function("One")]
        public static void A([QueueTrigger("q")] string message)
        {
        }

        [Function("one")]
        public static void B([QueueTrigger("q")] string message)
        {
        }
    }

    private static class NoTrigger
    {
        [Function("None")]
        public static void Run(string message)
        {
        }
    }

    private static class NotPublic
    {
        [Function("Hidden")]
        internal static void Run([QueueTrigger("q")] string message)
        {
        }
    }

    private static class UnboundActivity
    {
        [Function("Activity")]
        public static void Run([ActivityTrigger] string input, int other)
        {
        }
    }

    private static class UnboundHttp
    {
        [Function("Http")]
        public static void Run([HttpTrigger(Route = "a/{id}")] Microsoft.AspNetCore.Http.HttpRequest request, string id, int other)
        {
        }
    }
}
