using System.Globalization;

namespace LocalHost.Durable.Storage;

/// <summary>Where a hub keeps its things: one container, one append blob per generation of an instance.</summary>
/// <remarks>The '@' after an escaped id cannot be part of it, so that no id's prefix is another's.</remarks>
internal static class BlobNames
{
    public const string Lease = "lease";
    public const string Histories = "histories/";
    private const string Payloads = "payloads/";

    public static string Container(string hub)
    {
        var name = "durable-" + hub.ToLowerInvariant();
        return name.Length is <= 63 && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
            && !name.Contains("--", StringComparison.Ordinal) && name[^1] != '-'
            ? name
            : throw new ArgumentException(
                $"The task hub's name '{hub}' does not fit: expected letters, digits and single hyphens, at most 55 (setting TASKHUB_NAME).");
    }

    public static string HistoriesOf(string instanceId) => $"{Histories}{Uri.EscapeDataString(instanceId)}@";

    public static string History(string instanceId, int generation) =>
        string.Create(CultureInfo.InvariantCulture, $"{HistoriesOf(instanceId)}{generation:D8}");

    public static string PayloadsOf(string instanceId, int generation) =>
        string.Create(CultureInfo.InvariantCulture, $"{Payloads}{Uri.EscapeDataString(instanceId)}@{generation:D8}/");

    public static (string InstanceId, int Generation) Parse(string historyName)
    {
        var end = historyName.LastIndexOf('@');
        return (
            Uri.UnescapeDataString(historyName[Histories.Length..end]),
            int.Parse(historyName.AsSpan(end + 1), CultureInfo.InvariantCulture));
    }
}
