using Curriculum.Evaluation;

namespace Orchestrations.Reports;

/// <summary>A line of a chart.</summary>
/// <param name="Label">Shown when the line is pointed at.</param>
/// <param name="Colour">Index of the arm's colour.</param>
/// <param name="Points">By x.</param>
internal sealed record ChartSeries(string Label, int Colour, IReadOnlyList<(double X, double Y)> Points);

/// <summary>A line chart as inline SVG.</summary>
internal sealed record LineChart
{
    private const double Width = 560;
    private const double Height = 270;

    /// <summary>A longer line is drawn as the means of so many equal stretches.</summary>
    private const int MostPoints = 300;

    public required string Title { get; init; }

    public required string XLabel { get; init; }

    /// <summary>Whether the y axis is a share from 0 to 1, shown in per cent.</summary>
    public bool Share { get; init; }

    public required IReadOnlyList<ChartSeries> Series { get; init; }

    public required Behind Behind { get; init; }

    public void Draw(Markup page, RunReport report, string id)
    {
        var lines = Series.Where(series => series.Points.Count > 0).Select(series => series with { Points = Thin(series.Points) }).ToList();
        if (lines.Count == 0)
            return;

        var all = lines.SelectMany(line => line.Points).ToList();
        var x = Axis.Around(Math.Min(0, all.Min(point => point.X)), all.Max(point => point.X), 52, Width - 14);
        var y = Share ? new Axis(0, 1, Height - 42, 12) : Axis.Around(all.Min(point => point.Y), all.Max(point => point.Y), Height - 42, 12);

        page.Add($"""<figure><figcaption>{Title}</figcaption><svg viewBox="0 0 {Width} {Height}" role="img" aria-labelledby="{id}"><title id="{id}">{Title} against {XLabel}: {Describe(lines)}</title>""");
        foreach (var (tick, text) in Written(y, Share ? 100 : 1))
            page.Add($"""<line class="grid" x1="{x.From}" x2="{x.To}" y1="{y.At(tick)}" y2="{y.At(tick)}"/><text class="tick end" x="{x.From - 7}" y="{y.At(tick) + 4}">{text}{(Share ? " %" : "")}</text>""");
        foreach (var (tick, text) in Written(x, 1))
            page.Add($"""<text class="tick mid" x="{x.At(tick)}" y="{Height - 24}">{text}</text>""");
        page.Add($"""<text class="tick mid" x="{(x.From + x.To) / 2}" y="{Height - 6}">{XLabel}</text>""");
        foreach (var line in lines)
            DrawLine(page, line, x, y);
        page.Add($"</svg>");
        Behind.Add(page, report, Title);
        page.Add($"</figure>");
    }

    private static IEnumerable<(double Tick, string Text)> Written(Axis axis, double scale)
    {
        var ticks = axis.Ticks().ToList();
        return ticks.Zip(Figures.Ticks([.. ticks.Select(tick => scale * tick)]));
    }

    private static void DrawLine(Markup page, ChartSeries line, Axis x, Axis y)
    {
        var path = new System.Text.StringBuilder();
        foreach (var (px, py) in line.Points)
            path.Append(System.Globalization.CultureInfo.InvariantCulture, $"{(path.Length == 0 ? "" : " ")}{x.At(px):0.#},{y.At(py):0.#}");
        page.Add($"""<g class="c{line.Colour}"><title>{line.Label}</title><polyline points="{path.ToString()}"/>""");
        if (line.Points.Count <= 40)
        {
            foreach (var (px, py) in line.Points)
                page.Add($"""<circle cx="{x.At(px)}" cy="{y.At(py)}" r="2.6"/>""");
        }

        page.Add($"</g>");
    }

    private string Describe(List<ChartSeries> lines) => lines.Count > 12
        ? $"{lines.Count} lines"
        : string.Join("; ", lines.Select(line => $"{line.Label} ends at {(Share ? Words.Percent(line.Points[^1].Y) : Figures.Compact(line.Points[^1].Y))}"));

    private static IReadOnlyList<(double X, double Y)> Thin(IReadOnlyList<(double X, double Y)> points)
    {
        if (points.Count <= MostPoints)
            return points;

        var stretch = (points.Count + MostPoints - 1) / MostPoints;
        return [.. points.Chunk(stretch).Select(chunk => (chunk.Average(point => point.X), chunk.Average(point => point.Y)))];
    }
}
