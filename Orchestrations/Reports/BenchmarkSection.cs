using Curriculum.Evaluation;
using Curriculum.Evaluation.Audits;

namespace Orchestrations.Reports;

/// <summary>What the benchmarks are good for: their standing, what the base recites, clean beside suspect.</summary>
internal static class BenchmarkSection
{
    /// <summary>What the audit wrote is not kept: the answers of the same base are.</summary>
    private const string All = "source=benchmark&arm=*";

    public static void Add(Markup page, RunReport report)
    {
        var verdict = report.Verdict;
        if (verdict.Benchmarks is not { Count: > 0 } standings)
            return;

        page.Add($"""
            <section id="benchmarks"><h2>Clean or recited?</h2><div class="scroll"><table><caption>Each benchmark's standing; what the base recites supports no win</caption>
            <thead><tr><th scope="col" class="text">Benchmark</th><th scope="col" class="text">Standing</th><th scope="col">Completed</th><th scope="col">Interval</th><th scope="col" class="text reason">Why</th></tr></thead><tbody>
            """);
        foreach (var standing in standings)
        {
            page.Add($"""
                <tr><th scope="row">{standing.Benchmark}</th><td class="text {Kind(standing.Standing)}">{Text(standing.Standing)}</td><td>{Figures.Percentage(standing.Audit?.Completion.Value)}</td>
                <td>{(standing.Audit is { } audit ? Words.PercentRange(audit.Completion) : "–")}</td><td class="text reason">{standing.Reason}</td></tr>
                """);
        }

        page.Add($"</tbody></table></div>");
        new Behind(All, "", "/evaluation/benchmarks").Add(page, report, "the standings");
        Audits(page, report, standings);
        Both(page, report);
        page.Add($"</section>");
    }

    private static void Audits(Markup page, RunReport report, IReadOnlyList<BenchmarkStanding> standings)
    {
        if (standings.All(standing => standing.Audit is null))
            return;

        page.Add($"""
            <div class="scroll"><table><caption>The base, before any training, going on with questions cut short; in per cent. Completed: word for word. Answered: the continuation holds the right answer. avg: the mean over samples at temperature 1</caption>
            <thead><tr><th scope="col" class="text">Benchmark</th><th scope="col">Shown</th><th scope="col" class="text">Template</th><th scope="col">Completed</th><th scope="col">ROUGE-L</th><th scope="col">Answered</th>
            <th scope="col">Completed, avg</th><th scope="col">ROUGE-L, avg</th><th scope="col">Answered, avg</th></tr></thead><tbody>
            """);
        foreach (var audit in standings.Select(standing => standing.Audit).OfType<BenchmarkAudit>())
        {
            foreach (var row in audit.Rows)
            {
                page.Add($"""
                    <tr><th scope="row">{audit.Benchmark}</th><td>{Figures.Percentage(row.Cut)}</td><td class="text">{(row.Template ? "with" : "without")}</td><td>{Figures.Percentage(row.ExactMatch)}</td>
                    <td>{Figures.Percentage(row.RougeL)}</td><td>{Figures.Percentage(row.Answered)}</td><td>{Figures.Percentage(row.SampledExactMatch)}</td><td>{Figures.Percentage(row.SampledRougeL)}</td><td>{Figures.Percentage(row.SampledAnswered)}</td></tr>
                    """);
            }
        }

        page.Add($"</tbody></table></div>");
        new Behind(All, "", "/evaluation/audit", "/base").Add(page, report, "the audit");
    }

    private static void Both(Markup page, RunReport report)
    {
        page.Add($"""
            <div class="scroll"><table><caption>The primary metric on clean benchmarks beside that on the others, means in per cent</caption>
            <thead><tr><th scope="col" class="text">Arm</th><th scope="col">Clean</th><th scope="col">Suspect or recited</th></tr></thead><tbody>
            """);
        foreach (var row in report.Verdict.SideBySide ?? [])
            page.Add($"<tr><th scope=\"row\">{row.Arm}</th><td>{Figures.Percentage(row.Clean)}</td><td>{Figures.Percentage(row.Suspect)}</td></tr>");
        page.Add($"</tbody></table></div>");
        new Behind(All, "", "/evaluation/benchmarks", "/evaluation/primaryMetric").Add(page, report, "clean beside suspect");
    }

    private static string Text(Standing standing) => standing switch { Standing.Clean => "clean", Standing.Suspect => "suspect", _ => "recited" };

    private static string Kind(Standing standing) => standing switch { Standing.Clean => "", Standing.Suspect => "undecided", _ => "bad" };
}
