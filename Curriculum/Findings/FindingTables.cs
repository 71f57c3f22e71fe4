using System.Globalization;
using Curriculum.Evaluation;
using Curriculum.Evaluation.Probes;
using Curriculum.Evaluation.Traces;

namespace Curriculum.Findings;

/// <summary>The tables of one run, those alone that it has figures for.</summary>
internal static class FindingTables
{
    public static IEnumerable<string> Of(FindingRun run)
    {
        var verdict = run.Verdict;
        yield return Accuracy(verdict);
        if (verdict.Sequencing.Select(point => point.SrlShare).Distinct().Count() > 1)
        {
            yield return Table(["Arm", "SRL's share", "Order", $"{verdict.Benchmark} %"], verdict.Sequencing.Select(point => new[]
            {
                point.Arm, point.SrlShare.ToString("0.###", CultureInfo.InvariantCulture), point.Reversed ? "RLVR first" : "SRL first", FigureText.Share(point.Accuracy),
            }));
        }

        if (verdict.Interaction is { GainAlone: { } alone, GainAfter: { } after } interaction)
            yield return $"RLVR alone gains {Words.Points(alone)}, after {interaction.Arms.Imitation} {Words.Points(after)}, at equal budgets. {Words.Of(interaction.Kind)}\n";
        if (verdict.Benchmarks.Any(benchmark => benchmark.Audit is not null))
        {
            yield return Table(["Benchmark", "Standing", "Completed at the deciding cut %"], verdict.Benchmarks.Select(benchmark => new[]
            {
                benchmark.Benchmark, benchmark.Standing.ToString().ToLowerInvariant(), FigureText.Share(benchmark.Audit?.Completion),
            }));
        }

        if (Guards(verdict) is { Count: > 0 } guards)
            yield return Table(["Arm", "Seed", "Stage", "Ended", "Alarms", "Validation fell"], guards);
        foreach (var table in verdict.Probes is { } probes ? OfProbes(probes) : [])
            yield return table;
    }

    private static string Accuracy(RunVerdict verdict)
    {
        var benchmarks = verdict.Arms[0].Benchmarks.Select(benchmark => benchmark.Name).ToList();
        return Table(
            ["Arm", .. benchmarks.SelectMany(name => (string[])[$"{name} sampled %", $"{name} greedy %"]), "Ended", "Spent % of its budget"],
            verdict.Arms.Select(arm => (string[])
            [
                arm.Arm,
                .. benchmarks.Select(name => arm.Benchmarks.FirstOrDefault(benchmark => benchmark.Name == name))
                    .SelectMany(row => (string[])[FigureText.Share(row?.Sampled), FigureText.Share(row?.Greedy)]),
                arm.Methods.Count == 0 ? "-"
                    : string.Join(" / ", arm.Seeds.Select(seed => seed.Stages.Count == 0 ? "-" : string.Join(", ", seed.Stages.Select(stage => Words.Of(stage.Outcome)).Distinct())).Distinct()),
                arm.Methods.Count == 0 ? "-" : string.Join(" / ", arm.Seeds.Select(seed => FigureText.Share(seed.SpentShare))),
            ]));
    }

    private static List<string[]> Guards(RunVerdict verdict) =>
    [
        .. from arm in verdict.Arms
           from seed in arm.Seeds
           from stage in seed.Stages
           where stage.Alarms.Count > 0 || stage.Fall is not null
           select (string[])
           [
               arm.Arm, seed.Seed.ToString(CultureInfo.InvariantCulture), Words.Of(stage.Method), Words.Of(stage.Outcome),
               stage.Alarms.Count == 0 ? "none" : string.Join(", ", stage.Alarms.Select(alarm => $"{Words.Of(alarm.Guard)} at iteration {alarm.Iteration}")),
               stage.Fall is { } fall ? $"to {Words.Percent(fall.Accuracy)} after iteration {fall.Iteration}, start {Words.PercentRange(fall.Start)}" : "no",
           ],
    ];

    private static IEnumerable<string> OfProbes(ProbeVerdict probes)
    {
        if (probes.Enabling.Count > 0)
        {
            yield return Table(["Before RLVR in", "No success in a group, base %", "after SRL %", "Useful groups, base %", "after SRL %"], probes.Enabling.Select(enabling => new[]
            {
                enabling.Arm, FigureText.Share(enabling.ZeroSuccessBefore), FigureText.Share(enabling.ZeroSuccessAfter), FigureText.Share(enabling.UsefulBefore),
                    FigureText.Share(enabling.UsefulAfter),
            }));
        }

        if (probes.Traces.Count > 0)
        {
            yield return Table(["Traces of", "Correct %", "Coherence %", "Validity %"], probes.Traces.Select(traces => new[]
            {
                traces.Arm, FigureText.Share(traces.Correct), FigureText.Share(traces.Coherence), FigureText.Share(traces.Validity),
            }));
            yield return Table(["Base and arm right", "Arm", "Traces", "Coherence before %", "after %", "Validity before %", "after %"],
                from traces in probes.Traces
                from pattern in traces.Patterns
                select (string[])
                [
                    pattern.Pattern, traces.Arm, pattern.Problems.ToString(CultureInfo.InvariantCulture),
                    FigureText.Share(pattern.BaseCoherence), FigureText.Share(pattern.Coherence), FigureText.Share(pattern.BaseValidity), FigureText.Share(pattern.Validity),
                ]);
            var tags = Enum.GetValues<StepTag>();
            yield return Table(["Steps of", .. tags.Select(tag => Words.Of(tag))], probes.Traces.Select(traces => (string[])
                [traces.Arm, .. tags.Select(tag => traces.Tags.GetValueOrDefault(tag).ToString(CultureInfo.InvariantCulture))]));
        }

        yield return Table(["Activation of", "Verifications a response", "Backtrackings", "Subgoals", "Backward chaining", "Prompt perplexity", "Working", "Answer", "KL a token",
            "ROUGE-L to the base"], probes.Activation.Select(arm => new[]
        {
            arm.Arm, FigureText.Number(arm.Behaviours.Verification), FigureText.Number(arm.Behaviours.Backtracking), FigureText.Number(arm.Behaviours.Subgoals),
                FigureText.Number(arm.Behaviours.BackwardChaining),
            FigureText.Number(arm.PromptPerplexity), FigureText.Number(arm.WorkingPerplexity), FigureText.Number(arm.AnswerPerplexity), FigureText.Number(arm.Divergence),
                FigureText.Number(arm.RougeL),
        }));
        if (probes.PassAtK.Count > 0)
        {
            yield return Table(["pass@k % of", .. probes.PassAtK[0].Points.Select(point => $"{point.K}")],
                probes.PassAtK.Select(curve => (string[])[curve.Arm, .. curve.Points.Select(point => FigureText.Share(point.Value))]));
        }
    }

    private static string Table(IReadOnlyList<string> heads, IEnumerable<string[]> rows) =>
        $"| {string.Join(" | ", heads)} |\n|{string.Concat(heads.Select(_ => "---|"))}\n{string.Concat(rows.Select(row => $"| {string.Join(" | ", row)} |\n"))}";
}
