using Curriculum.Evaluation;

namespace Orchestrations.Reports;

/// <summary>A run's report: one HTML file that needs nothing beside itself, no script and no network.</summary>
internal static class ReportPage
{
    /// <summary>The page; the same for the same report.</summary>
    public static string Render(RunReport report)
    {
        var page = new Markup();
        page.Add($"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"/><meta name="viewport" content="width=device-width, initial-scale=1"/>
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/>
            <title>{report.Verdict.Name}: curriculum run report</title><style>
            """);
        page.AddStyle(ReportStyle.Css);
        page.Add($"</style></head><body>");
        Header(page, report);
        page.Add($"<main>");
        ComparisonSection.AddFigure(page, report);
        Notes(page, report.Verdict);
        var rest = new Markup();
        AccuracySection.Add(rest, report);
        ComparisonSection.Add(rest, report);
        BenchmarkSection.Add(rest, report);
        DesignSection.Add(rest, report);
        ProbeSection.Add(rest, report);
        CurveSection.Add(rest, report);
        StageSection.Add(rest, report);
        ControlSection.Add(rest, report);
        TimingSection.Add(rest, report);
        PlanSection.Add(rest, report);
        ContentsSection.Add(page, rest);
        page.Add(rest);
        page.Add($"</main><footer><p>The links beside figures lead to the pages of the app that this report came from, and need that app and its key; all else on this page needs nothing. What audits and probes sampled is not kept: the links beside those lead to the answers of the same policies.</p><p>The figures of this page, times apart, are those of verdict.json; the same plan on the same build and numerics gives the same ones.</p></footer></body></html>");
        return page.ToString();
    }

    /// <summary>The colour of an arm: its place in the plan.</summary>
    public static int Colour(RunReport report, string arm) =>
        Math.Max(0, report.Plan.Arms.ToList().FindIndex(planned => planned.Name == arm)) % ReportStyle.Colours;

    private static void Header(Markup page, RunReport report)
    {
        var plan = report.Plan;
        page.Add($"""
            <header><h1>Curriculum run {report.RunId}</h1>
            <p class="verdict">{Answer.Of(report.Verdict, plan.Evaluation.Curriculum)}</p>
            <p class="headline">{report.Verdict.Headline}</p>
            <p class="facts">{Figures.Count(plan.Arms.Count, "arm")}, {Figures.Count(plan.Seeds.Count, "training seed")}, a budget of {Figures.Compact(plan.Budget.Amount)} {Words.Of(plan.Budget.Unit)} an arm{(report.Verdict.Budget.Reproducible ? "" : " (not reproducible)")},
            {(report.Verdict.Bases == 1 ? "one base" : $"{report.Verdict.Bases} bases")} ({plan.Base.Model ?? "pretrained by the run"}).
            """);
        if (report.ConcludedAt is { } concluded)
            page.Add($"Concluded {concluded.UtcDateTime.ToString("yyyy-MM-dd HH:mm", System.Globalization.CultureInfo.InvariantCulture)} UTC.");
        page.Add($"</p></header>");
    }

    private static void Notes(Markup page, RunVerdict verdict)
    {
        List(page, "failed", "What failed", verdict.Failure is null ? verdict.FailedArms : [verdict.Failure, .. verdict.FailedArms]);
        List(page, "caveats", "Before quoting a figure", verdict.Caveats);
    }

    private static void List(Markup page, string kind, string title, IReadOnlyList<string> items)
    {
        if (items.Count == 0)
            return;

        page.Add($"""<section class="{kind}"><h2>{title}</h2><ul>""");
        foreach (var item in items)
            page.Add($"<li>{item}</li>");
        page.Add($"</ul></section>");
    }
}
