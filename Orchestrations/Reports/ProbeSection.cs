using System.Globalization;
using Curriculum.Evaluation;
using Curriculum.Evaluation.Activation;
using Curriculum.Evaluation.Probes;
using Curriculum.Evaluation.Traces;

namespace Orchestrations.Reports;

/// <summary>What was measured beside accuracy: enabling, pass@k, traces, activation; each an axis of its own.</summary>
internal static class ProbeSection
{
    public static void Add(Markup page, RunReport report)
    {
        if (report.Verdict.Probes is not { } probes)
            return;

        page.Add($"""<section id="probes"><h2>Beside the score</h2><p class="muted">On {probes.Problems} problems of {report.Verdict.Benchmark}, the same for every policy. None of these figures is proof of another.</p>""");
        Enabling(page, report, probes);
        PassAtK(page, report, probes);
        Traces(page, report, probes);
        Patterns(page, report, probes);
        Activation(page, report, probes);
        Switches(page, report, probes);
        page.Add($"</section>");
    }

    private static void Enabling(Markup page, RunReport report, ProbeVerdict probes)
    {
        if (probes.Enabling.Count == 0)
            return;
        page.Add($"""
            <div class="scroll"><table id="enabling"><caption>Can RLVR start? Groups of {probes.Enabling[0].GroupSize} on {probes.Enabling[0].Problems} training problems, from the base and from where RLVR starts; in per cent</caption>
            <thead><tr><th scope="col" class="text">Arm</th><th scope="col">No success, base</th><th scope="col">No success, after</th><th scope="col">Change</th><th scope="col">Useful, base</th><th scope="col">Useful, after</th><th scope="col">Change</th></tr></thead><tbody>
            """);
        foreach (var row in probes.Enabling)
        {
            page.Add($"""
                <tr><th scope="row">{row.Arm}</th><td>{Figures.Percentage(row.ZeroSuccessBefore)}</td><td>{Figures.Percentage(row.ZeroSuccessAfter)}</td><td>{Words.PointsRange(row.ZeroSuccessChange)}</td>
                <td>{Figures.Percentage(row.UsefulBefore)}</td><td>{Figures.Percentage(row.UsefulAfter)}</td><td>{Words.PointsRange(row.UsefulChange)}</td></tr>
                """);
        }

        page.Add($"</tbody></table></div>");
        Behind.OfRollouts("/evaluation/probes", "/training").Add(page, report, "whether RLVR can start");
    }

    private static void PassAtK(Markup page, RunReport report, ProbeVerdict probes)
    {
        if (probes.PassAtK.Count == 0)
            return;
        page.Add($"""<div class="scroll"><table id="pass-at-k"><caption>pass@k by the unbiased estimator, in per cent: what an arm reaches, and whether the base reaches it with more tries</caption><thead><tr><th scope="col" class="text">Arm</th>""");
        foreach (var point in probes.PassAtK[0].Points)
            page.Add($"""<th scope="col">k = {point.K}</th>""");
        page.Add($"""<th scope="col">Base catches up at</th></tr></thead><tbody>""");
        foreach (var curve in probes.PassAtK)
        {
            page.Add($"""<tr><th scope="row">{curve.Arm}</th>""");
            foreach (var point in curve.Points)
                page.Add($"<td>{Figures.Percentage(point.Value)}</td>");
            page.Add($"<td>{(curve.Arm == ProbeVerdict.BaseName ? "" : curve.BaseCatchesUpAt?.ToString(CultureInfo.InvariantCulture) ?? "never")}</td></tr>");
        }

        page.Add($"</tbody></table></div>");
        Behind.OfAnswers(report, report.Verdict.Benchmark, "/evaluation/probes").Add(page, report, "pass@k");
    }

    private static void Traces(Markup page, RunReport report, ProbeVerdict probes)
    {
        if (probes.Traces.Count == 0)
            return;
        page.Add($"""
            <div class="scroll"><table id="traces"><caption>Traces of greedy completions: coherence is step to step, validity is of the whole; in per cent, and steps by tag</caption>
            <thead><tr><th scope="col" class="text">Arm</th><th scope="col">Right</th><th scope="col">Coherent</th><th scope="col">Interval</th><th scope="col">Valid</th><th scope="col">Interval</th><th scope="col">Sound at k</th>
            <th scope="col">Sound</th><th scope="col">False premise</th><th scope="col">False rule</th><th scope="col">Calculator</th><th scope="col">Format</th></tr></thead><tbody>
            """);
        foreach (var row in probes.Traces)
        {
            page.Add($"""
                <tr><th scope="row">{row.Arm}</th><td>{Figures.Percentage(row.Correct.Value)}</td><td>{Figures.Percentage(row.Coherence.Value)}</td><td>{Words.PercentRange(row.Coherence)}</td>
                <td>{Figures.Percentage(row.Validity.Value)}</td><td>{Words.PercentRange(row.Validity)}</td><td>{Figures.Percentage(row.SoundAtK)}</td>
                <td>{row.Tags[StepTag.Sound]}</td><td>{row.Tags[StepTag.FalsePremise]}</td><td>{row.Tags[StepTag.FalseRule]}</td><td>{row.Tags[StepTag.Calculator]}</td><td>{row.Tags[StepTag.Format]}</td></tr>
                """);
        }

        page.Add($"</tbody></table></div>");
        Behind.OfAnswers(report, report.Verdict.Benchmark, "/evaluation/probes").Add(page, report, "the traces");
    }

    private static void Patterns(Markup page, RunReport report, ProbeVerdict probes)
    {
        if (probes.Traces.All(row => row.Patterns.Count == 0))
            return;
        page.Add($"""
            <div class="scroll"><table id="patterns"><caption>By whether the base and the arm were right (1) or wrong (0), base first; in per cent</caption>
            <thead><tr><th scope="col" class="text">Arm</th><th scope="col">Pattern</th><th scope="col">Answers</th><th scope="col">Coherent, base</th><th scope="col">Coherent, arm</th><th scope="col">Valid, base</th><th scope="col">Valid, arm</th></tr></thead><tbody>
            """);
        foreach (var (arm, pattern) in probes.Traces.SelectMany(row => row.Patterns.Select(pattern => (row.Arm, pattern))))
        {
            page.Add($"""
                <tr><th scope="row">{arm}</th><td>{pattern.Pattern}</td><td>{pattern.Problems}</td><td>{Figures.Percentage(pattern.BaseCoherence)}</td><td>{Figures.Percentage(pattern.Coherence)}</td>
                <td>{Figures.Percentage(pattern.BaseValidity)}</td><td>{Figures.Percentage(pattern.Validity)}</td></tr>
                """);
        }

        page.Add($"</tbody></table></div>");
        Behind.OfAnswers(report, report.Verdict.Benchmark, "/evaluation/probes").Add(page, report, "the patterns");
    }

    private static void Activation(Markup page, RunReport report, ProbeVerdict probes)
    {
        page.Add($"""
            <div class="scroll"><table id="activation"><caption>What training moved: behaviours a response, perplexities of fixed texts, distance from the base</caption>
            <thead><tr><th scope="col" class="text">Arm</th><th scope="col">Verification</th><th scope="col">Backtracking</th><th scope="col">Subgoals</th><th scope="col">Backward chaining</th>
            <th scope="col">Prompt perplexity</th><th scope="col">Working</th><th scope="col">Answer</th><th scope="col">KL from base, nats a token</th><th scope="col">ROUGE-L to base, %</th></tr></thead><tbody>
            """);
        foreach (var row in probes.Activation)
        {
            page.Add($"""
                <tr><th scope="row">{row.Arm}</th><td>{Number(row.Behaviours.Verification)}</td><td>{Number(row.Behaviours.Backtracking)}</td><td>{Number(row.Behaviours.Subgoals)}</td><td>{Number(row.Behaviours.BackwardChaining)}</td>
                <td>{Number(row.PromptPerplexity)}</td><td>{Number(row.WorkingPerplexity)}</td><td>{Number(row.AnswerPerplexity)}</td><td>{Number(row.Divergence)}</td><td>{Figures.Percentage(row.RougeL)}</td></tr>
                """);
        }

        page.Add($"</tbody></table></div>");
        Behind.OfAnswers(report, report.Verdict.Benchmark, "/evaluation/probes").Add(page, report, "the activation");
    }

    private static void Switches(Markup page, RunReport report, ProbeVerdict probes)
    {
        page.Add($"""
            <div class="scroll"><table id="strategies"><caption>Strategies, base to arm: how often, and what each change adds to the accuracy; the contributions of an arm sum to its gain</caption>
            <thead><tr><th scope="col" class="text">Arm</th><th scope="col" class="text">From</th><th scope="col" class="text">To</th><th scope="col">Share, %</th><th scope="col">Contribution</th></tr></thead><tbody>
            """);
        foreach (var (arm, change) in probes.Activation.SelectMany(row => row.Switches.Select(change => (row.Arm, change))))
            page.Add($"""<tr><th scope="row">{arm}</th><td class="text">{Text(change.Before)}</td><td class="text">{Text(change.After)}</td><td>{Figures.Percentage(change.Share)}</td><td>{Words.Points(change.Contribution)}</td></tr>""");
        page.Add($"</tbody></table></div>");
        Behind.OfAnswers(report, report.Verdict.Benchmark, "/evaluation/probes").Add(page, report, "the strategies");
    }

    private static string Number(double? value) => value is { } number ? number.ToString("0.###", CultureInfo.InvariantCulture) : "–";

    private static string Text(Strategy strategy) => strategy switch
    {
        Strategy.NoAnswer => "no answer",
        Strategy.BareAnswer => "bare answer",
        Strategy.PartialWorking => "partial working",
        _ => "full working",
    };
}
