using System.Globalization;
using System.Text;
using Curriculum.Evaluation;

namespace Curriculum.Findings;

/// <summary>The page of results: a pure function of the findings and their runs, in Markdown.</summary>
public static class ResultsPage
{
    /// <param name="findings">In their order.</param>
    /// <param name="runs">By the plan's name; a plan without a run is named as not run.</param>
    public static string Of(IReadOnlyList<Finding> findings, IReadOnlyDictionary<string, FindingRun> runs)
    {
        var page = new StringBuilder("""
            # Results

            For people who want to see what the system shows. After this page you can say which published effects this small policy showed, and which it did not.

            Generated from `samples/findings` by `dotnet run local.cs -- results`; do not edit. `dotnet run local.cs -- findings` runs the plans that have no result yet.

            Each finding is a published effect of large models, tested on a small policy. A claim is **shown** if the whole interval is on the expected side,
            **not shown** if it includes the bound, and **the opposite** if it is entirely on the other side. Differences are paired over seeds and
            problems, with Holm's intervals, if the run compared the two arms; figures without an interval are judged by their value and say what they count.

            """.ReplaceLineEndings("\n"));
        page.Append("\n| Finding | Claims shown | Runs |\n|---|---|---|\n");
        foreach (var finding in findings)
        {
            var shown = finding.Claims.Count(claim => ClaimJudgements.Of(claim, Figure(claim, runs)) == ClaimJudgement.Shown);
            page.Append(CultureInfo.InvariantCulture, $"| {finding.Title} | {shown} of {finding.Claims.Count} | {string.Join(", ", finding.Plans.Select(plan => Took(plan, runs)))} |\n");
        }

        if (findings.SelectMany(finding => finding.Plans).Where(runs.ContainsKey).SelectMany(plan => TableCheck.Mismatches(runs[plan].Verdict)).ToList() is { Count: > 0 } mismatches)
            page.Append(CultureInfo.InvariantCulture,
                $"\n**Figures that are not those of their own cells; the runs behind them are not to be quoted:**\n\n{string.Concat(mismatches.Select(line => $"- {line}\n"))}");

        foreach (var finding in findings)
            Write(page, finding, runs);
        return page.ToString();
    }

    private static void Write(StringBuilder page, Finding finding, IReadOnlyDictionary<string, FindingRun> runs)
    {
        page.Append(CultureInfo.InvariantCulture, $"\n## {finding.Title}\n\nPublished: {finding.Published}\n\nSettings: {finding.Settings}\n");
        page.Append("\n| Expected | In the paper | Bound | Measured here | | What would have to be different |\n|---|---|---|---|---|---|\n");
        foreach (var claim in finding.Claims)
        {
            var figure = Figure(claim, runs);
            var judged = ClaimJudgements.Of(claim, figure);
            page.Append(CultureInfo.InvariantCulture,
                $"| {claim.Text} | {claim.Paper} | {Bound(claim, figure)} | {FigureText.Of(figure)} | {ClaimJudgements.Text(judged)} | {(judged == ClaimJudgement.Shown ? "" : claim.Needs)} |\n");
        }

        foreach (var plan in finding.Plans)
        {
            if (!runs.TryGetValue(plan, out var run))
            {
                page.Append(CultureInfo.InvariantCulture, $"\n`{plan}` has not been run, or its result is that of another text of the plan.\n");
                continue;
            }

            page.Append(CultureInfo.InvariantCulture, $"\n### {plan}\n\n{run.Verdict.Headline}\n");
            foreach (var table in FindingTables.Of(run))
                page.Append('\n').Append(table);
        }

        if (finding.Reading is { } reading)
            page.Append(CultureInfo.InvariantCulture, $"\n{reading}\n");
    }

    private static ClaimFigure? Figure(Claim claim, IReadOnlyDictionary<string, FindingRun> runs) =>
        runs.TryGetValue(claim.Plan, out var run) && runs.TryGetValue(claim.AgainstPlan ?? claim.Plan, out var other)
            ? ClaimFigure.Of(claim, run.Verdict, other.Verdict)
            : null;

    private static string Bound(Claim claim, ClaimFigure? figure)
    {
        var bound = FigureText.Of(claim.Bound, figure?.Scale ?? FigureScale.Number);
        return claim.Expect switch { ClaimSide.Above => $"above {bound}", ClaimSide.Below => $"below {bound}", _ => $"within {bound.TrimStart('+')}" };
    }

    private static string Took(string plan, IReadOnlyDictionary<string, FindingRun> runs) => runs.TryGetValue(plan, out var run)
        ? string.Create(CultureInfo.InvariantCulture, $"`{plan}` {run.Timing.Seconds / 60}:{run.Timing.Seconds % 60:00} on {run.Timing.Processors} cores")
        : $"`{plan}` not run";
}
