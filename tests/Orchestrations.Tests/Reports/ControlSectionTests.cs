using System.Xml.Linq;
using Curriculum.Plans;
using Orchestrations.Reports;

namespace Orchestrations.Tests.Reports;

[Trait("Speed", "fast")]
public class ControlSectionTests
{
    private static readonly XDocument Page = XDocument.Parse(ReportPage.Render(SampleReport.Create()));

    [Fact]
    public void The_budget_s_unit_and_what_each_arm_really_spent_are_shown_and_who_spent_less_is_flagged()
    {
        var table = Table("budget");
        Assert.Contains("Arms are matched on compute units: 2.2M each.", table.Element("caption")!.Value, StringComparison.Ordinal);
        // The starved seed of rlvr: 0.6M of 2.2M.
        var starved = Row(table, "rlvr", "1");
        Assert.Equal(["600k", "27.3 %", "600k", "400k", "600k", "288k", "110", "under-spent"], starved.Skip(2));
        Assert.Equal("", Row(table, "rlvr", "2")[^1]);
        Assert.DoesNotContain(table.Descendants("th"), cell => cell.Value == "base");
    }

    [Fact]
    public void An_alarm_is_shown_with_its_attempt_iteration_action_and_finding() => Assert.Equal(
        ["rlvr", "1", "1: RLVR", "1", "3", "skipped-computation", "roll-back", "The skipped share is 0.7 & the most allowed is 0.25."],
        Row(Table("guards"), "rlvr", "1"));

    [Fact]
    public void Where_validation_first_fell_is_said_and_whether_a_guard_had_fired_earlier() => Assert.Equal(
        "rlvr seed 1, stage 1: RLVR: validation accuracy first fell below its start (100.0 %, interval 97.0 to 100.0 %) after iteration 9 of attempt 1, to 50.0 %; a guard had fired earlier, at iteration 3 of attempt 1.",
        Page.Descendants("p").Single(line => (string?)line.Attribute("class") == "fall").Value);

    [Fact]
    public void A_gate_s_decision_is_shown_with_its_reason() =>
        Assert.Equal(["srl", "2", "1: SRL", "0", "advance", "The stage passed its gate."], Row(Table("gates"), "srl", "2"));

    [Fact]
    public void What_a_profile_deferred_is_shown_by_reason_and_what_audits_found()
    {
        var row = Row(Table("difficulty"), "rlvr", "3");
        Assert.Equal(["3", "0", "0", "512", "4", "17", "480", "1", "10"], row.Skip(3).SkipLast(1));
        Assert.Equal("The band is empty: the whole pool is drawn from. two-dials/8/11/3: the label is wrong.", row[^1]);
        Assert.Contains("rlvr seed 1, stage 1: RLVR: 7 lone successes were quarantined", Page.Root!.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void A_budget_in_seconds_is_marked_as_not_reproducible()
    {
        var report = SampleReport.Create();
        var text = XDocument.Parse(ReportPage.Render(report with
        {
            Plan = report.Plan with { Budget = new() { Unit = BudgetUnit.Seconds, Amount = 60 } },
            Verdict = report.Verdict with { Budget = new(BudgetUnit.Seconds, 60, Reproducible: false) },
        })).Root!.Value;
        Assert.Contains("60 worker seconds an arm (not reproducible)", text, StringComparison.Ordinal);
        Assert.Contains("Arms are matched on worker seconds: 60 each; not reproducible", text, StringComparison.Ordinal);
    }

    private static XElement Table(string id) => Page.Descendants("table").Single(table => (string?)table.Attribute("id") == id);

    private static List<string> Row(XElement table, string arm, string seed) => table.Element("tbody")!.Elements("tr")
        .Select(row => row.Elements().Select(cell => cell.Value.Trim()).ToList())
        .First(row => row[0] == arm && row[1] == seed);
}
