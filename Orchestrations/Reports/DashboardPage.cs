using System.Globalization;
using Curriculum.Evaluation;

namespace Orchestrations.Reports;

/// <summary>All runs on one page that renews itself: where each stands, arm by arm, and what it came to.</summary>
internal static class DashboardPage
{
    /// <summary>Seconds between two loads of the page.</summary>
    private const int RenewSeconds = 3;

    /// <param name="runs">The runs that are shown, the newest first.</param>
    /// <param name="total">How many there are.</param>
    /// <param name="query">The request's own query, key included, for the links; empty without one.</param>
    public static string Render(IReadOnlyList<RunStatus> runs, int total, string query)
    {
        var page = new Markup();
        page.Add($"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"/><meta name="viewport" content="width=device-width, initial-scale=1"/>
            <meta http-equiv="refresh" content="{RenewSeconds}"/><title>Curriculum runs</title><style>
            """);
        page.AddStyle(ReportStyle.Css);
        page.Add($"</style></head><body><header><h1>Curriculum runs</h1><p class=\"facts\">{total} runs{(runs.Count < total ? $"; the newest {runs.Count} are shown" : ", the newest first")}.</p></header><main>");
        foreach (var run in runs)
            Run(page, run, query);
        page.Add($"</main></body></html>");
        return page.ToString();
    }

    private static void Run(Markup page, RunStatus run, string query)
    {
        page.Add($"""
            <section><h2>{run.Id}</h2><p class="facts">{ApiJson.Code(run.State)}{(run.Phase is { } phase ? $", {phase}" : "")};
            submitted {run.SubmittedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC; plan {run.PlanHash ?? "unknown"}</p>
            """);
        if (run.Headline is { } headline)
            page.Add($"""<p>{headline}</p><p><a href="runs/{run.Id}/report{query}">Report</a>, <a href="runs/{run.Id}/verdict{query}">verdict.json</a></p>""");
        foreach (var failure in run.Failures ?? [])
            page.Add($"""<p class="bad">{failure.Text}</p>""");
        if (run.Arms is { Count: > 0 } arms)
            Arms(page, arms);
        page.Add($"</section>");
    }

    private static void Arms(Markup page, IReadOnlyList<ArmProgress> arms)
    {
        page.Add($"""
            <div class="scroll"><table><caption>The arms that have begun</caption><thead><tr><th scope="col" class="text">Arm</th><th scope="col">Seed</th>
            <th scope="col" class="text">Stage</th><th scope="col">Iteration</th><th scope="col">Reward</th><th scope="col">Useful groups</th>
            <th scope="col">Validation</th><th scope="col">Tokens/s</th><th scope="col">Spent</th><th scope="col" class="text reason">Outcome, or what is waited for</th></tr></thead><tbody>
            """);
        foreach (var arm in arms)
        {
            page.Add($"""
                <tr><th scope="row">{arm.Arm}</th><td>{arm.Seed}</td><td class="text">{arm.Stage + 1} of {arm.Stages}: {(arm.Method is { } method ? Words.Of(method) : "")}</td>
                <td>{arm.Iteration}</td><td>{Number(arm.MeanReward, "0.00")}</td><td>{Number(arm.UsefulGroups, "P0")}</td><td>{Number(arm.ValidationAccuracy, "P1")}</td>
                <td>{Number(arm.TokensPerSecond, "N0")}</td><td>{Number(arm.Budget > 0 ? arm.Share : null, "P0")}</td>
                <td class="text reason">{(arm.Outcome is { } outcome ? Words.Of(outcome) : "")} {arm.Waiting ?? arm.Reason}</td></tr>
                """);
        }

        page.Add($"</tbody></table></div>");
    }

    private static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "–";
}
