using Curriculum.Evaluation;

namespace Orchestrations.Reports;

/// <summary>A row of an interval plot.</summary>
/// <param name="Label">At the left.</param>
/// <param name="Colour">Index of the arm's colour.</param>
/// <param name="Estimate">The dot and its interval.</param>
/// <param name="Seeds">Marks of single seeds.</param>
/// <param name="Text">At the right.</param>
internal sealed record IntervalRow(string Label, int Colour, Estimate Estimate, IReadOnlyList<double> Seeds, string Text);

/// <summary>Estimates with their intervals, one row each, as inline SVG.</summary>
internal sealed record IntervalPlot
{
    private const double Width = 760;
    private const double RowHeight = 30;
    private const double Top = 10;

    public required string Title { get; init; }

    public required IReadOnlyList<IntervalRow> Rows { get; init; }

    public required Behind Behind { get; init; }

    /// <summary>Half-width of the band around zero in a plot of differences; null in a plot of accuracies, whose axis is 0 to 100 %.</summary>
    public double? Band { get; init; }

    public void Draw(Markup page, RunReport report, string id)
    {
        if (Rows.Count == 0)
            return;

        var bottom = Top + Rows.Count * RowHeight;
        var x = Band is { } half
            ? Axis.Around(Math.Min(-half, Rows.Min(row => row.Estimate.Low)), Math.Max(half, Rows.Max(row => row.Estimate.High)), 170, Width - 200)
            : new Axis(0, 1, 170, Width - 200);
        page.Add($"""<figure class="wide"><figcaption>{Title}</figcaption><svg viewBox="0 0 {Width} {bottom + 26}" role="img" aria-labelledby="{id}"><title id="{id}">{Title}: {string.Join("; ", Rows.Select(row => $"{row.Label} {row.Text}"))}</title>""");
        if (Band is { } band)
            page.Add($"""<rect class="band" x="{x.At(-band)}" y="{Top}" width="{x.At(band) - x.At(-band)}" height="{bottom - Top}"/>""");
        foreach (var tick in x.Ticks())
        {
            var zero = Band is not null && Math.Abs(tick) < 1e-9 ? "grid zero" : "grid";
            page.Add($"""<line class="{zero}" x1="{x.At(tick)}" x2="{x.At(tick)}" y1="{Top}" y2="{bottom}"/><text class="tick mid" x="{x.At(tick)}" y="{bottom + 18}">{Figures.Compact(Math.Round(100 * tick, 6))}{(Band is null ? " %" : "")}</text>""");
        }

        for (var i = 0; i < Rows.Count; i++)
        {
            var (row, y) = (Rows[i], Top + (i + 0.5) * RowHeight);
            page.Add($"""<text class="label end" x="158" y="{y + 4}">{row.Label}</text><g class="c{row.Colour}"><line class="bar" x1="{x.At(row.Estimate.Low)}" x2="{x.At(row.Estimate.High)}" y1="{y}" y2="{y}"/>""");
            foreach (var seed in row.Seeds)
                page.Add($"""<line class="seed" x1="{x.At(seed)}" x2="{x.At(seed)}" y1="{y - 8}" y2="{y + 8}"/>""");
            page.Add($"""<circle cx="{x.At(row.Estimate.Value)}" cy="{y}" r="5"/></g><text class="tick" x="{Width - 188}" y="{y + 4}">{row.Text}</text>""");
        }

        page.Add($"</svg>");
        Behind.Add(page, report, Title);
        page.Add($"</figure>");
    }
}
