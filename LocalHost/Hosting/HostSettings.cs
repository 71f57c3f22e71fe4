using LocalHost.Rpc;
using Microsoft.Extensions.Configuration.Memory;

namespace LocalHost.Hosting;

/// <summary>What the app's files and the environment say, read as the official host reads them: the environment, then local.settings.json, then host.json.</summary>
internal sealed class HostSettings
{
    /// <summary>Where settings of <c>host.json</c> stand, and where <c>AzureFunctionsJobHost__...</c> overrides them.</summary>
    public const string HostSection = "AzureFunctionsJobHost";

    private HostSettings(string appFolder, IConfigurationRoot configuration, IReadOnlyDictionary<string, string> values) =>
        (AppFolder, Configuration, Values) = (appFolder, configuration, values);

    public string AppFolder { get; }

    public IConfigurationRoot Configuration { get; }

    /// <summary>The values of local.settings.json: environment variables to the app's process.</summary>
    public IReadOnlyDictionary<string, string> Values { get; }

    /// <summary>Longest time of an invocation; null where host.json says -1.</summary>
    public TimeSpan? FunctionTimeout => Configuration[$"{HostSection}:functionTimeout"] switch
    {
        null or "" => TimeSpan.FromMinutes(30),
        "-1" => null,
        var text when TimeSpan.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var limit) && limit > TimeSpan.Zero => limit,
        var text => throw new HostException($"Expected functionTimeout in host.json as hh:mm:ss, or -1 for none, found '{text}'."),
    };

    public string RoutePrefix => (Configuration[$"{HostSection}:extensions:http:routePrefix"] ?? "api").Trim('/');

    /// <exception cref="HostException">A file is not what it should be.</exception>
    public static HostSettings Read(string appFolder)
    {
        var host = ReadFile(Path.Combine(appFolder, "host.json"))
            ?? throw new HostException($"Expected {Path.Combine(appFolder, "host.json")}; it does not exist. Is {appFolder} the output of a Functions app?");
        var values = LocalValues(appFolder);
        var configuration = new ConfigurationBuilder();
        configuration.Add(new MemoryConfigurationSource
        {
            InitialData = [.. host.AsEnumerable().Select(pair => KeyValuePair.Create($"{HostSection}:{pair.Key}", pair.Value))],
        });
        configuration.Add(new MemoryConfigurationSource
        {
            InitialData = [.. values.Select(pair => KeyValuePair.Create(pair.Key.Replace("__", ConfigurationPath.KeyDelimiter, StringComparison.Ordinal), (string?)pair.Value))],
        });
        configuration.AddEnvironmentVariables();
        configuration.Add(new MemoryConfigurationSource
        {
            InitialData =
            [
                // Without it the extensions would look for their settings elsewhere.
                new("AzureWebJobsConfigurationSection", HostSection),
                new("FUNCTIONS_WORKER_RUNTIME", "dotnet-isolated"),
            ],
        });
        return new(appFolder, configuration.Build(), values);
    }

    private static Dictionary<string, string> LocalValues(string appFolder)
    {
        if (ReadFile(Path.Combine(appFolder, "local.settings.json")) is not { } file)
            return [];
        if (file.GetValue("IsEncrypted", false))
        {
            throw new HostException(
                "local.settings.json says IsEncrypted, which only Functions Core Tools can read: run 'func settings decrypt', or write its Values in the clear.");
        }

        return file.GetSection("Values").GetChildren().Where(value => value.Value is not null).ToDictionary(value => value.Key, value => value.Value!, StringComparer.Ordinal);
    }

    private static IConfigurationRoot? ReadFile(string path)
    {
        if (!File.Exists(path))
            return null;
        try
        {
            using var file = File.OpenRead(path);
            return new ConfigurationBuilder().AddJsonStream(file).Build();
        }
        catch (Exception fault) when (fault is FormatException or InvalidDataException)
        {
            throw new HostException($"Expected {path} to be JSON: {fault.InnerException?.Message ?? fault.Message}");
        }
    }
}
