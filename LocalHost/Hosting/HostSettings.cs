using Microsoft.Extensions.Configuration;

namespace LocalHost.Hosting;

/// <summary>What the host reads from configuration, checked before anything starts.</summary>
internal sealed record HostSettings
{
    public required string Storage { get; init; }

    public required string HubName { get; init; }

    public required VersionSettings Versions { get; init; }

    public required int MaxOrchestrators { get; init; }

    public required int MaxActivities { get; init; }

    public required QueueSettings Queues { get; init; }

    public required string RoutePrefix { get; init; }

    public long MaxRequestBody { get; init; }

    /// <summary>0: any free port.</summary>
    public int Port { get; init; }

    public LocalSettings Local { get; init; } = new();

    /// <summary>How long a request to the storage may stay without an answer.</summary>
    public TimeSpan StorageTimeout => TimeSpan.FromSeconds(Local.StorageTimeoutSeconds);

    /// <exception cref="HostSettingsException">A setting is missing or cannot be read.</exception>
    public static HostSettings Read(IConfiguration configuration)
    {
        var host = configuration.GetSection($"{SettingFiles.HostSection}:extensions");
        var durable = host.GetSection("durableTask");
        var local = LocalSettings.Read(configuration);
        return new()
        {
            Storage = StorageConnections.Find(configuration, null, "The host"),
            HubName = SettingText.Resolve(configuration, durable["hubName"] ?? "TestHubName", "host.json's extensions.durableTask.hubName"),
            Versions = VersionSettings.Read(durable),
            MaxOrchestrators = Positive(durable, "maxConcurrentOrchestratorFunctions", 10 * Environment.ProcessorCount),
            MaxActivities = Positive(durable, "maxConcurrentActivityFunctions", 10 * Environment.ProcessorCount),
            Queues = ReadQueues(host.GetSection("queues"), local),
            RoutePrefix = (host["http:routePrefix"] ?? "api").Trim('/'),
            MaxRequestBody = Read(configuration.GetSection("FUNCTIONS_REQUEST_BODY_SIZE_LIMIT"), 100L * 1024 * 1024),
            Port = local.Port ?? PortOf(configuration["urls"]) ?? 7071,
            Local = local,
        };
    }

    internal static T Read<T>(IConfigurationSection section, T unset)
    {
        try
        {
            return section.Value is null ? unset : section.Get<T>()!;
        }
        catch (InvalidOperationException)
        {
            throw new HostSettingsException($"Expected {section.Path} to be a {typeof(T).Name} and found '{section.Value}': correct it, or leave it out.");
        }
    }

    private static QueueSettings ReadQueues(IConfigurationSection section, LocalSettings local)
    {
        var unset = new QueueSettings();
        var batchSize = Positive(section, "batchSize", unset.BatchSize);
        return new()
        {
            MaxPollingInterval = ReadSpan(section, "maxPollingInterval", unset.MaxPollingInterval),
            VisibilityTimeout = ReadSpan(section, "visibilityTimeout", unset.VisibilityTimeout),
            BatchSize = batchSize <= 32 ? batchSize : throw new HostSettingsException($"Expected {section.Path}:batchSize to be at most 32 and found {batchSize}."),
            NewBatchThreshold = section["newBatchThreshold"] is null ? batchSize / 2 : Positive(section, "newBatchThreshold", 0),
            MaxDequeueCount = Positive(section, "maxDequeueCount", unset.MaxDequeueCount),
            Base64 = section["messageEncoding"]?.ToUpperInvariant() switch
            {
                null or "BASE64" => true,
                "NONE" => false,
                _ => throw new HostSettingsException($"Expected {section.Path}:messageEncoding to be base64 or none and found '{section["messageEncoding"]}'."),
            },
            MinPollingInterval = TimeSpan.FromMilliseconds(local.MinPollMilliseconds),
            Lease = TimeSpan.FromSeconds(local.QueueLeaseSeconds),
            Timeout = TimeSpan.FromSeconds(Math.Min(local.StorageTimeoutSeconds, local.QueueLeaseSeconds / 3.0)),
        };
    }

    private static TimeSpan ReadSpan(IConfigurationSection section, string key, TimeSpan unset) =>
        Read<TimeSpan?>(section.GetSection(key), unset)!.Value;

    private static int Positive(IConfigurationSection section, string key, int unset)
    {
        var value = section[key] is null ? unset : Read<int?>(section.GetSection(key), null)!.Value;
        return value >= 0 ? value : throw new HostSettingsException($"Expected {section.Path}:{key} not to be negative and found {value}.");
    }

    private static int? PortOf(string? urls)
    {
        if (string.IsNullOrEmpty(urls))
            return null;
        return Uri.TryCreate(urls.Split(';')[0], UriKind.Absolute, out var url) && url is { Scheme: "http", IsLoopback: true }
            ? url.Port
            : throw new HostSettingsException($"Expected urls (ASPNETCORE_URLS) to be of the form http://127.0.0.1:7071 and found '{urls}': this host serves the machine it runs on alone.");
    }
}
