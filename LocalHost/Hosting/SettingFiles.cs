using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;

namespace LocalHost.Hosting;

/// <summary>Reads <c>host.json</c> and <c>local.settings.json</c> below every other source of configuration, so that the environment wins.</summary>
internal static class SettingFiles
{
    /// <summary>Where settings of <c>host.json</c> stand, and where <c>AzureFunctionsJobHost__...</c> overrides them.</summary>
    public const string HostSection = "AzureFunctionsJobHost";

    public static void AddTo(IConfigurationBuilder configuration, string appFolder, string currentFolder)
    {
        var local = Read(Path.Combine(appFolder, "local.settings.json")) ?? Read(Path.Combine(currentFolder, "local.settings.json"));
        if (local is not null)
            Insert(configuration, LocalValues(local));
        if (Read(Path.Combine(appFolder, "host.json")) is { } host)
            Insert(configuration, host.AsEnumerable().Select(p => KeyValuePair.Create($"{HostSection}:{p.Key}", p.Value)));
    }

    private static IEnumerable<KeyValuePair<string, string?>> LocalValues(IConfigurationRoot file) =>
        file.GetValue("IsEncrypted", false)
            ? throw new HostSettingsException(
                "local.settings.json says IsEncrypted, which only Functions Core Tools can read: run 'func settings decrypt', or write its Values in the clear.")
            : file.GetSection("Values").GetChildren()
                .Select(v => KeyValuePair.Create(v.Key.Replace("__", ConfigurationPath.KeyDelimiter, StringComparison.Ordinal), v.Value));

    private static IConfigurationRoot? Read(string path)
    {
        if (!File.Exists(path))
            return null;
        try
        {
            using var file = File.OpenRead(path);
            return new ConfigurationBuilder().AddJsonStream(file).Build();
        }
        catch (Exception e) when (e is FormatException or InvalidDataException)
        {
            throw new HostSettingsException($"Expected {path} to be JSON: {e.InnerException?.Message ?? e.Message}");
        }
    }

    private static void Insert(IConfigurationBuilder configuration, IEnumerable<KeyValuePair<string, string?>> values) =>
        configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = [.. values] });
}
