using LocalHost.Durable;
using Microsoft.Extensions.Configuration;

namespace LocalHost.Hosting;

/// <summary>Which orchestration versions the host runs: <c>defaultVersion</c> and its neighbours in host.json.</summary>
internal sealed record VersionSettings(string Default, VersionMatch Match, VersionFailure Failure)
{
    /// <summary>As the official host has it: instances of the host's version or an older one, the others left to another host.</summary>
    public static VersionSettings Read(IConfigurationSection durable) => new(
        durable["defaultVersion"] ?? "",
        Choice(durable, "versionMatchStrategy", VersionMatch.CurrentOrOlder),
        Choice(durable, "versionFailureStrategy", VersionFailure.Reject));

    private static T Choice<T>(IConfigurationSection section, string key, T unset)
        where T : struct, Enum =>
        section[key] is not { } text ? unset
        : Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value) ? value
        : throw new HostSettingsException($"Expected {section.Path}:{key} to be one of {string.Join(", ", Enum.GetNames<T>())} and found '{text}'.");
}
