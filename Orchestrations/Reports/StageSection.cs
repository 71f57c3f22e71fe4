using Curriculum.Evaluation;
using Curriculum.Stages;

namespace Orchestrations.Reports;

/// <summary>How every stage ended, and what it spent.</summary>
internal static class StageSection
{
    public static void Add(Markup page, RunReport report)
    {
        page.Add($"""
            <section id="stages"><h2>Stages</h2><div class="scroll"><table><caption>Every stage of every seed ends with exactly one outcome; all but failed are results.</caption>
            <thead><tr><th scope="col" class="text">Arm</th><th scope="col">Seed</th><th scope="col" class="text">Stage</th><th scope="col" class="text">Outcome</th><th scope="col">Updates</th><th scope="col">Compute</th>
            <th scope="col">Budget spent</th><th scope="col">Validation</th><th scope="col" class="text reason">Checkpoint and reason</th></tr></thead><tbody>
            """);
        foreach (var arm in report.Verdict.Arms.Where(arm => arm.Methods.Count > 0))
        {
            foreach (var seed in arm.Seeds)
            {
                for (var i = 0; i < seed.Stages.Count; i++)
                    StageRow(page, report, arm.Arm, seed, i);
                SeedRow(page, report, arm.Arm, seed);
            }
        }

        page.Add($"</tbody></table></div>");
        Behind.OfRollouts("/arms", "/budget", "/evaluation/validation").Add(page, report, "the stages");
        page.Add($"</section>");
    }

    private static void StageRow(Markup page, RunReport report, string arm, SeedVerdict seed, int index)
    {
        var stage = seed.Stages[index];
        var kind = stage.Outcome switch { StageOutcome.Completed => "", StageOutcome.Failed => "bad", _ => "undecided" };
        page.Add($"""
            <tr class="sub"><th scope="row">{arm}</th><td>{seed.Seed}</td><td class="text"><a href="{Behind.TrajectoriesAt(report, Behind.Rollouts(arm, seed.Seed, index))}">{index + 1}: {Words.Of(stage.Method)}</a></td><td class="text {kind}">{Words.Of(stage.Outcome)}</td>
            <td>{stage.Updates}</td><td>{Figures.Compact(stage.Compute)}</td><td></td><td></td><td class="text reason">{stage.Reason}</td></tr>
            """);
    }

    private static void SeedRow(Markup page, RunReport report, string arm, SeedVerdict seed) => page.Add($"""
        <tr><th scope="row">{arm}</th><td>{seed.Seed}</td><td class="text">all</td><td class="text {(seed.Failure is null ? "" : "bad")}">{(seed.Failure is null ? "" : "failed")}</td>
        <td>{seed.Updates}</td><td>{Figures.Compact(seed.Compute)}</td><td class="{(seed.Underspent ? "undecided" : "")}">{(seed.SpentShare is { } share ? Words.Percent(share) : "–")}</td>
        <td>{(seed.ValidationAccuracy is { } accuracy ? Words.Percent(accuracy) : "–")}</td><td class="text reason">{seed.Failure ?? ""} <a href="{Behind.CheckpointsAt(report, Behind.Of(arm, seed.Seed))}"><code>{seed.ChosenCheckpoint ?? "its checkpoints"}</code></a></td></tr>
        """);
}
