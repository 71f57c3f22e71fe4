using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace LocalHost.Hosting;

/// <summary>Replaces <c>%NAME%</c> in a binding's text by the app setting of that name.</summary>
internal static partial class SettingText
{
    /// <exception cref="HostSettingsException">The app has no such setting.</exception>
    public static string Resolve(IConfiguration configuration, string text, string where) =>
        Name().Replace(text, match => configuration[match.Groups[1].Value.Replace("__", ":", StringComparison.Ordinal)] is { Length: > 0 } value
            ? value
            : throw new HostSettingsException($"{where} is '{text}', and the app has no setting '{match.Groups[1].Value}': set it, or write the value itself."));

    [GeneratedRegex("%([^%]+)%")]
    private static partial Regex Name();
}
