using Curriculum.Submission;
using Orchestrations.Reports;

namespace Orchestrations.Tests.Reports;

[Trait("Speed", "fast")]
public class DashboardPageTests
{
    [Fact]
    public void What_a_plan_or_a_worker_wrote_is_encoded_and_the_key_stays_in_the_links()
    {
        var run = new RunStatus
        {
            Id = "quick-1",
            Name = "quick",
            PlanHash = "00",
            SubmittedAt = DateTimeOffset.UnixEpoch,
            State = RunState.Failed,
            Headline = "<script>alert(1)</script>",
            Failures = [new(FailureKind.Arm, "a <b> & c")],
            Trainings = 1,
            BudgetPerArm = 10,
            Arms = [new() { Arm = "srl", Seed = 1, Stages = 1, Spent = 5, Budget = 10, Waiting = "<i>item</i>" }],
        };
        var page = DashboardPage.Render([run], 30, "?code=k&x=1");

        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<i>", page, StringComparison.Ordinal);
        Assert.Contains("a &lt;b&gt; &amp; c", page, StringComparison.Ordinal);
        Assert.Contains("href=\"runs/quick-1/report?code=k&amp;x=1\"", page, StringComparison.Ordinal);
        Assert.Contains("50 %", page, StringComparison.Ordinal);
        Assert.Contains("30 runs; the newest 1 are shown", page, StringComparison.Ordinal);
    }
}
