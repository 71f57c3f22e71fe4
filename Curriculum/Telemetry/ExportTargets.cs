namespace Curriculum.Telemetry;

/// <summary>Where signals go: nowhere, unless a standard environment variable says so.</summary>
/// <param name="Otlp">Whether <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> names a receiver; its companions (protocol, headers, timeout, one endpoint for each signal) are the exporter's own to read.</param>
/// <param name="AzureMonitor">The connection string in <c>APPLICATIONINSIGHTS_CONNECTION_STRING</c>.</param>
/// <param name="ClientId">The managed identity in <c>APPLICATIONINSIGHTS_AUTHENTICATION_STRING</c>; without it the connection string is enough.</param>
public sealed record ExportTargets(bool Otlp, string? AzureMonitor, string? ClientId)
{
    public bool Any => Otlp || AzureMonitor is not null;

    /// <param name="setting">The value of an environment variable; null where it is not set.</param>
    public static ExportTargets Read(Func<string, string?> setting) =>
        string.Equals(setting("OTEL_SDK_DISABLED"), "true", StringComparison.OrdinalIgnoreCase)
            ? new(false, null, null)
            : new(
                setting("OTEL_EXPORTER_OTLP_ENDPOINT") is { Length: > 0 },
                setting("APPLICATIONINSIGHTS_CONNECTION_STRING") is { Length: > 0 } connection ? connection : null,
                setting("APPLICATIONINSIGHTS_AUTHENTICATION_STRING")?.Split(';').Select(part => part.Split('=', 2))
                    .FirstOrDefault(pair => pair is [var name, _] && name.Trim().Equals("ClientId", StringComparison.OrdinalIgnoreCase))?[1].Trim());
}
