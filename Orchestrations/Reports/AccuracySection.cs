using Curriculum.Evaluation;
using Curriculum.Plans;

namespace Orchestrations.Reports;

/// <summary>Accuracy of every arm on every benchmark: the plot of the primary metric, and the table with every seed.</summary>
internal static class AccuracySection
{
    public static void Add(Markup page, RunReport report)
    {
        var verdict = report.Verdict;
        page.Add($"""<section id="accuracy"><h2>Accuracy</h2>""");
        var index = 0;
        foreach (var benchmark in report.Plan.Evaluation.Benchmarks)
        {
            Plot(page, report, benchmark.Name, $"accuracy-{index++}");
            Table(page, report, benchmark);
        }

        page.Add($"""<p class="muted">Intervals of arms: crossed bootstrap, seeds and problems both resampled. Intervals of single seeds: Wilson, over problems. Steps valid: the answer is right and every written step holds on its own.</p></section>""");
    }

    private static void Plot(Markup page, RunReport report, string benchmark, string id)
    {
        var verdict = report.Verdict;
        var sampled = verdict.PrimaryMetric == Metric.Sampled;
        var rows = new List<IntervalRow>();
        foreach (var arm in verdict.Arms)
        {
            var row = arm.Benchmarks.FirstOrDefault(candidate => candidate.Name == benchmark);
            if ((sampled ? row?.Sampled : row?.Greedy) is not { } estimate)
                continue;

            var seeds = arm.Seeds.Where(seed => seed.Failure is null)
                .SelectMany(seed => seed.Benchmarks.Where(cell => cell.Name == benchmark))
                .Select(cell => sampled ? cell.Sampled : cell.Greedy.Value).OfType<double>().ToList();
            rows.Add(new(arm.Arm, ReportPage.Colour(report, arm.Arm), estimate, seeds, $"{Words.Percent(estimate.Value)} ({Words.PercentRange(estimate)})"));
        }

        new IntervalPlot
        {
            Title = $"{(sampled ? "Sampled" : "Greedy")} accuracy on {benchmark}: mean, {Words.Confidence(verdict.Confidence)} interval, a mark for each seed",
            Rows = rows,
            Behind = Behind.OfAnswers(report, benchmark, "/arms", "/seeds"),
        }.Draw(page, report, id);
    }

    private static void Table(Markup page, RunReport report, BenchmarkPlan benchmark)
    {
        var verdict = report.Verdict;
        page.Add($"""
            <div class="scroll"><table><caption>{benchmark.Name}: {benchmark.Count} problems of {benchmark.Family}; in per cent, means and their seeds</caption>
            <thead><tr><th scope="col" class="text">Arm</th><th scope="col">Greedy</th><th scope="col">Interval</th><th scope="col">Sampled</th><th scope="col">Interval</th>
            <th scope="col">Greedy, steps valid</th><th scope="col">Sampled, steps valid</th><th scope="col">pass@{verdict.Samples}</th><th scope="col">Tokens</th></tr></thead><tbody>
            """);
        foreach (var arm in verdict.Arms)
        {
            if (arm.Benchmarks.FirstOrDefault(row => row.Name == benchmark.Name) is { } mean)
            {
                page.Add($"""
                    <tr><th scope="row"><a href="{Behind.TrajectoriesAt(report, Behind.Answers(benchmark.Name, arm.Arm))}">{arm.Arm}</a></th><td>{Figures.Percentage(mean.Greedy.Value)}</td><td>{Range(mean.Greedy)}</td><td>{Figures.Percentage(mean.Sampled?.Value)}</td><td>{Range(mean.Sampled)}</td>
                    <td>{Figures.Percentage(mean.GreedyStepsValid.Value)}</td><td>{Figures.Percentage(mean.SampledStepsValid?.Value)}</td><td></td><td></td></tr>
                    """);
            }
            else
            {
                page.Add($"""<tr><th scope="row">{arm.Arm}</th><td class="text bad" colspan="8">not evaluated</td></tr>""");
            }

            foreach (var seed in arm.Seeds)
                SeedRow(page, report, arm, seed, benchmark.Name);
        }

        page.Add($"</tbody></table></div>");
        Behind.OfAnswers(report, benchmark.Name, "/evaluation/samples", "/evaluation/confidence").Add(page, report, $"the accuracy on {benchmark.Name}");
    }

    private static void SeedRow(Markup page, RunReport report, ArmVerdict arm, SeedVerdict seed, string benchmark)
    {
        // The base is not trained: its one row would only repeat the mean.
        if (arm.Methods.Count == 0 && arm.Seeds.Count == 1 && seed.Failure is null && seed.Benchmarks.All(cell => cell.PassAtK is null))
            return;

        var label = arm.Methods.Count == 0 && arm.Seeds.Count == 1 ? "untrained" : $"seed {seed.Seed}";
        if (seed.Benchmarks.FirstOrDefault(cell => cell.Name == benchmark) is not { } cell)
        {
            page.Add($"""<tr class="sub"><th scope="row">{label}</th><td class="text" colspan="8">{seed.Failure ?? "not evaluated"}</td></tr>""");
            return;
        }

        page.Add($"""
            <tr class="sub"><th scope="row"><a href="{Behind.TrajectoriesAt(report, Behind.Answers(benchmark, arm.Arm, seed.Seed))}">{label}</a>{(seed.Failure is null ? "" : " (failed, left out)")}</th><td>{Figures.Percentage(cell.Greedy.Value)}</td><td>{Range(cell.Greedy)}</td><td>{Figures.Percentage(cell.Sampled)}</td><td></td>
            <td>{Figures.Percentage(cell.GreedyStepsValid)}</td><td>{Figures.Percentage(cell.SampledStepsValid)}</td><td>{Figures.Percentage(cell.PassAtK)}</td><td>{Figures.Compact(Math.Round(cell.MeanTokens, 1))}</td></tr>
            """);
    }

    private static string Range(Estimate? estimate) =>
        estimate is null ? "" : $"{Figures.Percentage(estimate.Low)} to {Figures.Percentage(estimate.High)}";
}
