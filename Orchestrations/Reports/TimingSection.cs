using Curriculum.Work;

namespace Orchestrations.Reports;

/// <summary>Where the time went, and with which numerics; nothing here is reproducible.</summary>
internal static class TimingSection
{
    private static readonly (WorkKind Kind, string Text)[] Kinds =
    [
        (WorkKind.Pretrain, "Pretrain"), (WorkKind.Import, "Import"), (WorkKind.Rollout, "Rollout"), (WorkKind.Update, "Update"), (WorkKind.Validate, "Validate"), (WorkKind.Evaluate, "Evaluate"),
        (WorkKind.Audit, "Audit"), (WorkKind.Probe, "Probe"),
    ];

    public static void Add(Markup page, RunReport report)
    {
        page.Add($"""<section id="timings"><h2>Time and numerics</h2>""");
        if (report.WallClockSeconds is { } wall)
            page.Add($"<p>The run took {Figures.Duration(wall)} from submission to conclusion.</p>");
        if (report.Timings.Count > 0)
            Table(page, report);

        page.Add($"<dl><dt>Numerics{(report.Verdict.MixedNumerics ? " (mixed)" : "")}</dt><dd>");
        foreach (var fingerprint in report.Verdict.Fingerprints)
            page.Add($"<code>{fingerprint}</code><br/>");
        page.Add($"</dd></dl></section>");
    }

    private static void Table(Markup page, RunReport report)
    {
        var kinds = Kinds.Where(kind => report.Timings.Any(timing => timing.Work.Any(work => work.Kind == kind.Kind))).ToList();
        page.Add($"""<div class="scroll"><table><caption>Seconds that workers spent, by kind of work; tokens a second where tokens are counted</caption><thead><tr><th scope="col" class="text">Arm</th><th scope="col">Seed</th>""");
        foreach (var (_, text) in kinds)
            page.Add($"""<th scope="col">{text}</th>""");
        page.Add($"""<th scope="col">Items</th><th scope="col">Tokens/s</th></tr></thead><tbody>""");
        foreach (var timing in report.Timings)
        {
            page.Add($"""<tr><th scope="row">{timing.Arm}</th><td>{timing.Seed}</td>""");
            foreach (var (kind, _) in kinds)
            {
                var work = timing.Work.Where(work => work.Kind == kind).ToList();
                page.Add($"<td>{(work.Count == 0 ? "–" : Figures.Duration(work.Sum(part => part.Seconds)))}</td>");
            }

            var counted = timing.Work.Where(work => work is { Tokens: > 0, Seconds: > 0 }).ToList();
            var rate = counted.Count == 0 ? "–" : Figures.Compact(Math.Round(counted.Sum(work => work.Tokens) / counted.Sum(work => work.Seconds)));
            page.Add($"<td>{timing.Work.Sum(work => work.Items)}</td><td>{rate}</td></tr>");
        }

        page.Add($"</tbody></table></div>");
        Behind.OfRollouts("/arms", "/limits").Add(page, report, "the times");
    }
}
