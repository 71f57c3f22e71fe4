using System.Globalization;

namespace Cli.Terminal;

/// <summary>Durations as a person reads them: with hours once there are any, with days after that.</summary>
internal static class Durations
{
    public static string Of(TimeSpan time) => time switch
    {
        { TotalDays: >= 1 } => time.ToString(@"d\d\ hh\:mm\:ss", CultureInfo.InvariantCulture),
        { TotalHours: >= 1 } => time.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture),
        _ => time.ToString(@"mm\:ss", CultureInfo.InvariantCulture),
    };

    /// <summary>How long ago, in the largest unit.</summary>
    public static string Ago(TimeSpan time) => time switch
    {
        { TotalDays: >= 1 } => Count((int)time.TotalDays, "day"),
        { TotalHours: >= 1 } => Count((int)time.TotalHours, "hour"),
        { TotalMinutes: >= 1 } => Count((int)time.TotalMinutes, "minute"),
        _ => Count(Math.Max(0, (int)time.TotalSeconds), "second"),
    };

    /// <summary>A number with its noun, which has a plural in s.</summary>
    public static string Count(int number, string noun) => FormattableString.Invariant($"{number} {noun}{(number == 1 ? "" : "s")}");
}
