using System.Globalization;

namespace Orchestrations.Reports;

/// <summary>How a report writes numbers.</summary>
internal static class Figures
{
    /// <summary>1234567 as <c>1.23M</c>.</summary>
    public static string Compact(double value) => Math.Abs(value) switch
    {
        >= 1e9 => (value / 1e9).ToString("0.##", CultureInfo.InvariantCulture) + "G",
        >= 1e6 => (value / 1e6).ToString("0.##", CultureInfo.InvariantCulture) + "M",
        >= 1e3 => (value / 1e3).ToString("0.##", CultureInfo.InvariantCulture) + "k",
        _ => value.ToString("0.###", CultureInfo.InvariantCulture),
    };

    /// <summary>A number of things, one or several.</summary>
    public static string Count(int number, string what) => string.Create(CultureInfo.InvariantCulture, $"{number} {what}{(number == 1 ? "" : "s")}");

    /// <summary>Ticks of one axis with as many digits as tell them apart.</summary>
    public static IReadOnlyList<string> Ticks(IReadOnlyList<double> values)
    {
        for (var digits = 3; digits < 12; digits++)
        {
            string[] written = [.. values.Select(value => Compact(value, digits))];
            if (written.Distinct().Count() == values.Count)
                return written;
        }

        return [.. values.Select(value => value.ToString("R", CultureInfo.InvariantCulture))];
    }

    private static string Compact(double value, int digits)
    {
        var format = $"0.{new string('#', digits)}";
        return Math.Abs(value) switch
        {
            >= 1e9 => (value / 1e9).ToString(format, CultureInfo.InvariantCulture) + "G",
            >= 1e6 => (value / 1e6).ToString(format, CultureInfo.InvariantCulture) + "M",
            >= 1e3 => (value / 1e3).ToString(format, CultureInfo.InvariantCulture) + "k",
            _ => value.ToString(format, CultureInfo.InvariantCulture),
        };
    }

    /// <summary>A share as a percentage without its sign, for columns that carry it in their heads.</summary>
    public static string Percentage(double? share) => share is { } value ? (100 * value).ToString("0.0", CultureInfo.InvariantCulture) : "–";

    /// <summary>A p-value, or the least that can be told.</summary>
    public static string PValue(double? p) => p switch
    {
        null => "–",
        < 0.001 => "< 0.001",
        _ => p.Value.ToString("0.000", CultureInfo.InvariantCulture),
    };

    /// <summary>Seconds as <c>41.2 s</c>, <c>3 min 5 s</c> or <c>2 h 10 min</c>.</summary>
    public static string Duration(double seconds) => seconds switch
    {
        < 60 => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.0} s"),
        < 3600 => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(seconds / 60)} min {Math.Floor(seconds % 60)} s"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(seconds / 3600)} h {Math.Floor(seconds % 3600 / 60)} min"),
    };
}
