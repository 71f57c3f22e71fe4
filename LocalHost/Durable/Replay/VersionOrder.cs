namespace LocalHost.Durable.Replay;

/// <summary>The order of orchestration versions: none before any, numbered ones by number, others as text.</summary>
internal static class VersionOrder
{
    public static int Compare(string? version, string? other) => (Named(version), Named(other)) switch
    {
        (false, false) => 0,
        (false, true) => -1,
        (true, false) => 1,
        _ when System.Version.TryParse(version, out var a) && System.Version.TryParse(other, out var b) => a.CompareTo(b),
        _ => string.Compare(version, other, StringComparison.OrdinalIgnoreCase),
    };

    private static bool Named(string? version) => !string.IsNullOrWhiteSpace(version);
}
