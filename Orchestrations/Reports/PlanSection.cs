using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Curriculum.Evaluation;
using Curriculum.Plans;
using Curriculum.Submission;

namespace Orchestrations.Reports;

/// <summary>What was asked: a summary, the hash, and the whole plan with its defaults.</summary>
internal static class PlanSection
{
    private static readonly JsonWriterOptions Readable = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Add(Markup page, RunReport report)
    {
        var plan = report.Plan;
        page.Add($"""
            <section id="plan"><h2>Plan</h2><dl>
            <dt>Hash</dt><dd><code>{report.Verdict.PlanHash}</code></dd>
            <dt>Training</dt><dd>{Describe(plan.Training)}, {plan.Training.Demonstrations ?? plan.Training.Count} with an expert's solution</dd>
            <dt>Validation</dt><dd>{Describe(plan.Evaluation.Validation)}</dd>
            <dt>Seeds</dt><dd>{string.Join(", ", plan.Seeds)}</dd>
            """);
        foreach (var benchmark in plan.Evaluation.Benchmarks)
            page.Add($"<dt>Benchmark {benchmark.Name}</dt><dd>{Describe(benchmark)}</dd>");
        foreach (var arm in plan.Arms)
            page.Add($"<dt>Arm {arm.Name}</dt><dd>{Describe(arm)}</dd>");
        page.Add($"</dl><details><summary>The whole plan, defaults included</summary><pre>{Indent(plan)}</pre></details></section>");
    }

    private static string Describe(ProblemSetPlan set) =>
        $"{set.Count} problems of {set.Family}, seed {set.Seed}{(set.Difficulty.Count > 0 ? $", levels {string.Join(", ", set.Difficulty)}" : "")}{(set.Dataset is null ? "" : $", from {set.Dataset}")}";

    private static string Describe(ArmPlan arm) => arm.Stages.Count == 0
        ? "the base itself"
        : string.Join(", then ", arm.Stages.Select(stage => string.Create(CultureInfo.InvariantCulture, $"{Words.Of(stage.Method)} with {100 * stage.Share:0.#} % of the budget")));

    private static string Indent(RunPlan plan)
    {
        using var document = JsonDocument.Parse(PlanHash.Canonical(plan));
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Readable))
            document.WriteTo(writer);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
