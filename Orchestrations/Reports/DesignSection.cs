using Curriculum.Evaluation;

namespace Orchestrations.Reports;

/// <summary>What the arms show together: the interaction of the stages, and how the order and the division of the budget matter.</summary>
internal static class DesignSection
{
    public static void Add(Markup page, RunReport report)
    {
        var verdict = report.Verdict;
        if (verdict.Interaction is { } interaction)
            Interaction(page, report, interaction);
        if (verdict.Sequencing is { Count: > 0 } points)
            Sequencing(page, report, points);
    }

    private static void Interaction(Markup page, RunReport report, Interaction interaction)
    {
        var verdict = report.Verdict;
        var arms = interaction.Arms;
        page.Add($"""
            <section id="interaction"><h2>More than the sum?</h2><p>({arms.Both} − {arms.Imitation}) − ({arms.Outcome} − {arms.Base}), the budgets of the stages alike:
            {(interaction.Estimate is { } estimate ? $"{Words.Points(estimate.Value)}, {Words.Confidence(verdict.Confidence)} interval {Words.PointsRange(estimate)}" : "not one seed has all four arms")}.
            {(interaction.GainAlone is { } alone ? $"RLVR gains {Words.Points(alone)} alone and {Words.Points(interaction.GainAfter!.Value)} after the first stage, over {interaction.Seeds.Count} seeds." : "")}
            {Words.Of(interaction.Kind)}</p>
            """);
        Behind.OfAnswers(report, verdict.Benchmark, "/arms").Add(page, report, "the interaction");
        page.Add($"</section>");
    }

    private static void Sequencing(Markup page, RunReport report, IReadOnlyList<SequencePoint> points)
    {
        page.Add($"""
            <section id="sequencing"><h2>How much SRL, and when</h2><div class="scroll"><table><caption>The whole budget divided between SRL and RLVR: {report.Verdict.Benchmark}, primary metric in per cent</caption>
            <thead><tr><th scope="col" class="text">Arm</th><th scope="col">SRL share</th><th scope="col" class="text">Order</th><th scope="col">Accuracy</th><th scope="col">Interval</th></tr></thead><tbody>
            """);
        foreach (var point in points)
        {
            page.Add($"""
                <tr><th scope="row">{point.Arm}</th><td>{Figures.Percentage(point.SrlShare)}</td><td class="text">{(point.SrlShare is 0 or 1 ? "one stage" : point.Reversed ? "RLVR, then SRL" : "SRL, then RLVR")}</td>
                <td>{Figures.Percentage(point.Accuracy?.Value)}</td><td>{(point.Accuracy is { } accuracy ? Words.PercentRange(accuracy) : "not evaluated")}</td></tr>
                """);
        }

        page.Add($"</tbody></table></div>");
        Behind.OfAnswers(report, report.Verdict.Benchmark, "/arms", "/budget").Add(page, report, "the division of the budget");
        page.Add($"</section>");
    }
}
