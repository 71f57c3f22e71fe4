using Curriculum.Evaluation;

namespace Orchestrations.Reports;

/// <summary>Learning curves, every seed a line of its own.</summary>
internal static class CurveSection
{
    public static void Add(Markup page, RunReport report)
    {
        page.Add($"""<section id="curves"><h2>Learning curves</h2>""");
        if (report.Curves.All(curve => curve.Points.Count == 0))
        {
            page.Add($"<p>No points were recorded.</p></section>");
            return;
        }

        page.Add($"""<ul class="legend">""");
        foreach (var arm in report.Plan.Arms.Where(arm => arm.Stages.Count > 0))
            page.Add($"""<li class="c{ReportPage.Colour(report, arm.Name)}"><span></span>{arm.Name}</li>""");
        page.Add($"""</ul><div class="charts">""");

        Against(page, report, "validation", "Greedy accuracy on the validation set", share: true, point => point.ValidationGreedy);
        Against(page, report, "reward", "Mean reward", share: false, point => point.MeanReward);
        Against(page, report, "tokens", "Mean tokens of a completion", share: false, point => point.MeanTokens);
        Against(page, report, "entropy", "Entropy of the policy, nats a token", share: false, point => point.Entropy);
        page.Add($"</div>");
        UsefulGroups(page, report);
        page.Add($"</section>");
    }

    private static void Against(Markup page, RunReport report, string id, string title, bool share, Func<CurvePoint, double?> value) => new LineChart
    {
        Title = title,
        Behind = id == "validation" ? new("source=validation&arm=*", "", "/evaluation/validation") : Behind.OfRollouts("/arms", "/training"),
        XLabel = "compute units",
        Share = share,
        Series = [.. report.Curves.Select(curve => Series(report, curve, curve.Points, point => point.Compute, value))],
    }.Draw(page, report, $"curve-{id}");

    private static void UsefulGroups(Markup page, RunReport report)
    {
        var stages = report.Curves.SelectMany(curve => curve.Points.Where(point => point.UsefulGroups is not null).Select(point => (curve.Arm, point.Stage)))
            .Distinct().OrderBy(pair => report.Plan.Arms.ToList().FindIndex(arm => arm.Name == pair.Arm)).ThenBy(pair => pair.Stage).ToList();
        if (stages.Count == 0)
            return;

        page.Add($"""<h3>Useful groups</h3><p class="muted">The share of sampled groups whose rewards differ enough to teach anything.</p><div class="charts">""");
        for (var i = 0; i < stages.Count; i++)
        {
            var (arm, stage) = stages[i];
            var planned = report.Plan.Arms.ToList().FindIndex(one => one.Name == arm);
            var method = report.Plan.Arms.ElementAtOrDefault(planned)?.Stages.ElementAtOrDefault(stage)?.Method;
            new LineChart
            {
                Title = $"{arm}, stage {stage + 1}{(method is { } known ? $" ({Words.Of(known)})" : "")}",
                XLabel = "iteration",
                Share = true,
                Behind = new(Behind.Rollouts(arm, stage: stage), Behind.Of(arm), FormattableString.Invariant($"/arms/{planned}/stages/{stage}")),
                Series = [.. report.Curves.Where(curve => curve.Arm == arm)
                    .Select(curve => Series(report, curve, [.. curve.Points.Where(point => point.Stage == stage)], point => point.Iteration, point => point.UsefulGroups))],
            }.Draw(page, report, $"useful-{i}");
        }

        page.Add($"</div>");
    }

    private static ChartSeries Series(RunReport report, ArmCurve curve, IReadOnlyList<CurvePoint> points, Func<CurvePoint, double> x, Func<CurvePoint, double?> y) => new(
        $"{curve.Arm}, seed {curve.Seed}", ReportPage.Colour(report, curve.Arm),
        [.. points.Where(point => y(point) is { } value && double.IsFinite(value)).Select(point => (x(point), y(point)!.Value))]);
}
