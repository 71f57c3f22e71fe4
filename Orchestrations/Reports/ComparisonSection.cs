using Curriculum.Evaluation;

namespace Orchestrations.Reports;

/// <summary>The curriculum against the other arms, with the reasons for each decision.</summary>
internal static class ComparisonSection
{
    /// <summary>The figure that the answer rests on: the differences to the other arms, with their intervals.</summary>
    public static void AddFigure(Markup page, RunReport report)
    {
        var verdict = report.Verdict;
        if (verdict.Comparisons.All(comparison => comparison.Adjusted is null))
            return;
        var curriculum = report.Plan.Evaluation.Curriculum;
        page.Add($"""<section id="answer">""");
        new IntervalPlot
        {
            Title = $"{curriculum} minus the other arm, in points of {(verdict.PrimaryMetric == Curriculum.Plans.Metric.Sampled ? "sampled" : "greedy")} accuracy on {verdict.Benchmark}, with Holm-adjusted intervals; shaded: of no interest",
            Band = verdict.SmallestInterestingDifference,
            Rows = [.. verdict.Comparisons.Where(comparison => comparison.Adjusted is not null).Select(comparison => new IntervalRow(
                comparison.Against, ReportPage.Colour(report, comparison.Against), comparison.Adjusted!, [], $"{Words.Points(comparison.Adjusted!.Value)}: {Text(comparison.Decision)}"))],
            Behind = new(Behind.Answers(verdict.Benchmark, curriculum), Behind.Of(curriculum), Behind.Pointer(report, verdict.Benchmark), "/evaluation/curriculum",
                "/evaluation/smallestInterestingDifference"),
        }.Draw(page, report, "differences");
        page.Add($"</section>");
    }

    public static void Add(Markup page, RunReport report)
    {
        var verdict = report.Verdict;
        if (verdict.Comparisons.Count == 0)
            return;

        var curriculum = report.Plan.Evaluation.Curriculum;
        page.Add($"""<section id="comparisons"><h2>Does {curriculum} do better?</h2>""");
        page.Add($"""
            <div class="scroll"><table><caption>Paired differences over the same problems and seeds; positive is in favour of {curriculum}. Differences under {Words.Size(verdict.SmallestInterestingDifference)} are of no interest.</caption>
            <thead><tr><th scope="col" class="text">Against</th><th scope="col">Seeds</th><th scope="col">Difference</th><th scope="col">{Words.Confidence(verdict.Confidence)} interval</th><th scope="col">Adjusted interval</th><th scope="col">Effect size h</th>
            <th scope="col">p</th><th scope="col">Adjusted p</th><th scope="col" class="text">Decision</th></tr></thead><tbody>
            """);
        foreach (var comparison in verdict.Comparisons)
        {
            page.Add($"""
                <tr><th scope="row">{comparison.Against}</th><td>{comparison.Seeds.Count}</td><td>{(comparison.Difference is { } difference ? Words.Points(difference.Value) : "–")}</td>
                <td>{Range(comparison.Difference)}</td><td>{Range(comparison.Adjusted)}</td><td>{comparison.EffectSize?.ToString("0.00", System.Globalization.CultureInfo.InvariantCulture) ?? "–"}</td><td>{Figures.PValue(comparison.PValue)}</td><td>{Figures.PValue(comparison.AdjustedPValue)}</td>
                <td class="text {Text(comparison.Decision)}">{Text(comparison.Decision)}</td></tr>
                <tr class="sub"><td class="text" colspan="9">{string.Join(" ", comparison.Reasons)} Problems <a href="{Behind.TrajectoriesAt(report, Behind.Pattern(verdict.Benchmark, curriculum, comparison.Against, "won"))}">won from {comparison.Against}</a>,
                <a href="{Behind.TrajectoriesAt(report, Behind.Pattern(verdict.Benchmark, curriculum, comparison.Against, "lost"))}">lost to {comparison.Against}</a>.</td></tr>
                """);
        }

        page.Add($"</tbody></table></div>");
        new Behind(Behind.Answers(verdict.Benchmark, curriculum), Behind.Of(curriculum), Behind.Pointer(report, verdict.Benchmark), "/evaluation/confidence", "/evaluation/bootstrapDraws",
            "/evaluation/smallestInterestingDifference")
            .Add(page, report, "the comparisons");
        page.Add($"</section>");
    }

    private static string Text(Decision decision) => decision switch
    {
        Decision.Wins => "wins",
        Decision.Loses => "loses",
        _ => "undecided",
    };

    private static string Range(Estimate? estimate) => estimate is null ? "–" : Words.PointsRange(estimate);
}
