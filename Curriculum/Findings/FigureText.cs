using System.Globalization;
using Curriculum.Evaluation;

namespace Curriculum.Findings;

/// <summary>How the page writes figures.</summary>
internal static class FigureText
{
    public static string Of(ClaimFigure? figure)
    {
        if (figure is null)
            return "-";
        var interval = figure.Interval is { } found ? $" ({Bare(found.Low, figure.Scale)} to {Bare(found.High, figure.Scale)})" : "";
        return $"{Of(figure.Value, figure.Scale)}{interval}{(figure.Note is null ? "" : $", {figure.Note}")}";
    }

    public static string Of(double value, FigureScale scale) => scale switch
    {
        FigureScale.Share => $"{Bare(value, scale)} %",
        FigureScale.Points => $"{Bare(value, scale)} points",
        _ => Bare(value, scale),
    };

    public static string Share(Estimate? estimate) =>
        estimate is null ? "-" : $"{Bare(estimate.Value, FigureScale.Share)} ({Bare(estimate.Low, FigureScale.Share)} to {Bare(estimate.High, FigureScale.Share)})";

    public static string Share(double? value) => value is { } found ? Bare(found, FigureScale.Share) : "-";

    public static string Number(double? value) => value is { } found ? Bare(found, FigureScale.Number) : "-";

    private static string Bare(double value, FigureScale scale) => scale switch
    {
        FigureScale.Share => (100 * value).ToString("0.0", CultureInfo.InvariantCulture),
        FigureScale.Points => (100 * value).ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture),
        _ => value.ToString("0.###", CultureInfo.InvariantCulture),
    };
}
