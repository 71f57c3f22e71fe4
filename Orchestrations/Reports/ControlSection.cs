using System.Globalization;
using Curriculum.Evaluation;

namespace Orchestrations.Reports;

/// <summary>What steered the training: the budget and what each arm really spent of it, guards, gates, and what was deferred as too hard or too easy.</summary>
internal static class ControlSection
{
    public static void Add(Markup page, RunReport report)
    {
        var stages = (
            from arm in report.Verdict.Arms
            where arm.Methods.Count > 0
            from seed in arm.Seeds
            from stage in seed.Stages.Select((summary, index) => new ControlledStage(arm.Arm, seed.Seed, index, summary))
            select stage).ToList();
        page.Add($"""<section id="control"><h2>Budget, guards and gates</h2>""");
        Budget(page, report, stages);
        Alarms(page, report, stages);
        Falls(page, stages);
        Gates(page, report, stages);
        Difficulty(page, report, stages);
        page.Add($"</section>");
    }

    private static void Budget(Markup page, RunReport report, List<ControlledStage> stages)
    {
        var budget = report.Verdict.Budget;
        page.Add($"""
            <div class="scroll"><table id="budget"><caption>Arms are matched on {Words.Of(budget.Unit)}: {Figures.Compact(budget.Amount)} each{(budget.Reproducible ? "" : "; not reproducible, for how far an arm comes in them depends on the machine")}.
            Pilots, second checks, refills, dropped groups, repeats and rolled-back work count; evaluation does not.</caption>
            <thead><tr><th scope="col" class="text">Arm</th><th scope="col">Seed</th><th scope="col">Spent</th><th scope="col">Of the budget</th><th scope="col">Compute units</th><th scope="col">Forward tokens</th>
            <th scope="col">Trained tokens</th><th scope="col">Of these pilots</th><th scope="col">Updates</th><th scope="col" class="text"></th></tr></thead><tbody>
            """);
        foreach (var arm in report.Verdict.Arms.Where(arm => arm.Methods.Count > 0))
        {
            foreach (var seed in arm.Seeds)
            {
                var own = stages.Where(stage => stage.Arm == arm.Arm && stage.Seed == seed.Seed).Select(stage => stage.Summary).ToList();
                page.Add($"""
                    <tr><th scope="row">{arm.Arm}</th><td>{seed.Seed}</td><td>{Figures.Compact(seed.Spent)}</td><td>{(seed.SpentShare is { } share ? Words.Percent(share) : "–")}</td><td>{Figures.Compact(seed.Compute)}</td>
                    <td>{Figures.Compact(own.Sum(stage => stage.ForwardTokens))}</td><td>{Figures.Compact(own.Sum(stage => stage.TrainedTokens))}</td><td>{Figures.Compact(own.Sum(stage => stage.Difficulty?.PilotTokens ?? 0))}</td>
                    <td>{seed.Updates}</td><td class="text undecided">{(seed.Underspent ? "under-spent" : "")}</td></tr>
                    """);
            }
        }

        page.Add($"</tbody></table></div>");
        Behind.OfRollouts("/budget", "/arms").Add(page, report, "the budget");
    }

    private static void Alarms(Markup page, RunReport report, List<ControlledStage> stages)
    {
        var fired = stages.SelectMany(stage => stage.Summary.Alarms.Select(alarm => (Stage: stage, Alarm: alarm))).ToList();
        if (fired.Count == 0)
        {
            page.Add($"""<p id="guards" class="muted">No guard fired.</p>""");
            return;
        }

        page.Add($"""
            <div class="scroll"><table id="guards"><caption>Guards that fired</caption><thead><tr><th scope="col" class="text">Arm</th><th scope="col">Seed</th><th scope="col" class="text">Stage</th><th scope="col">Attempt</th>
            <th scope="col">Iteration</th><th scope="col" class="text">Guard</th><th scope="col" class="text">Action</th><th scope="col" class="text reason">What was found</th></tr></thead><tbody>
            """);
        foreach (var (stage, alarm) in fired)
        {
            page.Add($"""
                <tr><th scope="row">{stage.Arm}</th><td>{stage.Seed}</td><td class="text">{stage.Name}</td><td>{alarm.Attempt}</td><td>{alarm.Iteration}</td><td class="text">{Words.Of(alarm.Guard)}</td>
                <td class="text">{Words.Of(alarm.Action)}</td><td class="text reason">{alarm.Message}</td></tr>
                """);
        }

        page.Add($"</tbody></table></div>");
        Behind.OfRollouts("/arms").Add(page, report, "the guards");
    }

    private static void Falls(Markup page, List<ControlledStage> stages)
    {
        foreach (var stage in stages.Where(stage => stage.Summary.Fall is not null))
        {
            var fall = stage.Summary.Fall!;
            page.Add($"<p class=\"fall\">{stage.Arm} seed {stage.Seed}, stage {stage.Name}: validation accuracy first fell below its start ({Words.Percent(fall.Start.Value)}, interval {Words.PercentRange(fall.Start)}) after iteration {fall.Iteration} of attempt {fall.Attempt}, to {Words.Percent(fall.Accuracy)}; {Earlier(stage.Summary, fall)}.</p>");
        }
    }

    private static string Earlier(StageSummary stage, ValidationFall fall) => stage.Alarms is not [var first, ..]
        ? "no guard had fired"
        : first.Attempt < fall.Attempt || (first.Attempt == fall.Attempt && first.Iteration < fall.Iteration)
            ? string.Create(CultureInfo.InvariantCulture, $"a guard had fired earlier, at iteration {first.Iteration} of attempt {first.Attempt}")
            : string.Create(CultureInfo.InvariantCulture, $"the first guard fired no earlier, at iteration {first.Iteration} of attempt {first.Attempt}");

    private static void Gates(Markup page, RunReport report, List<ControlledStage> stages)
    {
        var decided = stages.SelectMany(stage => stage.Summary.Gates.Select(gate => (Stage: stage, Gate: gate))).ToList();
        if (decided.Count == 0)
            return;

        page.Add($"""
            <details><summary>Gates: {decided.Count} decisions</summary><div class="scroll"><table id="gates"><caption>What followed each stage, and why</caption><thead><tr><th scope="col" class="text">Arm</th><th scope="col">Seed</th>
            <th scope="col" class="text">Stage</th><th scope="col">Attempt</th><th scope="col" class="text">Decision</th><th scope="col" class="text reason">Reason</th></tr></thead><tbody>
            """);
        foreach (var (stage, gate) in decided)
        {
            page.Add($"""
                <tr><th scope="row">{stage.Arm}</th><td>{stage.Seed}</td><td class="text">{stage.Name}</td><td>{gate.Attempt}</td><td class="text">{Words.Of(gate.Action)}</td><td class="text reason">{gate.Reason}</td></tr>
                """);
        }

        page.Add($"</tbody></table></div>");
        Behind.OfRollouts("/arms").Add(page, report, "the gates");
        page.Add($"</details>");
    }

    private static void Difficulty(Markup page, RunReport report, List<ControlledStage> stages)
    {
        var profiled = stages.Where(stage => stage.Summary.Difficulty is not null).ToList();
        if (profiled.Count > 0)
        {
            page.Add($"""
                <div class="scroll"><table id="difficulty"><caption>Difficulty as last piloted. Only the aim and the band are drawn from; the others are deferred, not removed: unknown, too hard and not piloted ones are piloted again.</caption><thead><tr>
                <th scope="col" class="text">Arm</th><th scope="col">Seed</th><th scope="col" class="text">Stage</th><th scope="col">Pilots</th><th scope="col">Aim</th><th scope="col">Band</th><th scope="col">Deferred</th><th scope="col">Too easy</th>
                <th scope="col">Too hard</th><th scope="col">Unknown</th><th scope="col">Audit failed</th><th scope="col">Not piloted</th><th scope="col" class="text reason">Findings</th></tr></thead><tbody>
                """);
            foreach (var stage in profiled)
            {
                var found = stage.Summary.Difficulty!;
                page.Add($"""
                    <tr><th scope="row">{stage.Arm}</th><td>{stage.Seed}</td><td class="text">{stage.Name}</td><td>{found.Pilots}</td><td>{found.Aim}</td><td>{found.Band}</td><td>{found.Deferred}</td><td>{found.TooEasy}</td>
                    <td>{found.TooHard}</td><td>{found.Unknown}</td><td>{found.AuditFailed}</td><td>{found.NotPiloted}</td>
                    <td class="text reason">{(found.FellBack ? "The band is empty: the whole pool is drawn from. " : "")}{string.Join(" ", found.Findings)}</td></tr>
                    """);
            }

            page.Add($"</tbody></table></div>");
            Behind.OfRollouts("/arms", "/training").Add(page, report, "the difficulty");
        }

        foreach (var stage in stages.Where(stage => stage.Summary.Quarantined > 0))
            page.Add($"<p>{stage.Arm} seed {stage.Seed}, stage {stage.Name}: {stage.Summary.Quarantined} lone successes were quarantined, for more samples of their prompts brought no other.</p>");
    }

    private sealed record ControlledStage(string Arm, int Seed, int Index, StageSummary Summary)
    {
        public string Name => string.Create(CultureInfo.InvariantCulture, $"{Index + 1}: {Words.Of(Summary.Method)}");
    }
}
