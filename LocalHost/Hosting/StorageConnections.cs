using Microsoft.Extensions.Configuration;

namespace LocalHost.Hosting;

/// <summary>Finds the connection string that a binding names.</summary>
internal static class StorageConnections
{
    public const string HostStorage = "AzureWebJobsStorage";

    /// <summary>The connection string under <c>AzureWebJobs{name}</c> or <c>{name}</c>; without a name, the host's own.</summary>
    /// <exception cref="HostSettingsException">There is none.</exception>
    public static string Find(IConfiguration configuration, string? name, string where)
    {
        name = string.IsNullOrEmpty(name) ? "Storage" : SettingText.Resolve(configuration, name, where);
        return configuration[$"AzureWebJobs{name}"] ?? configuration[name] ?? configuration.GetConnectionString(name)
            ?? throw new HostSettingsException(name == "Storage"
                ? $"Expected a storage account in the setting {HostStorage} and found none: set it, for Azurite to UseDevelopmentStorage=true."
                : $"{where} names the connection '{name}', and the app has no setting AzureWebJobs{name} or {name}: set it to a connection string.");
    }
}
