using Curriculum.Evaluation;
using Curriculum.Submission;
using Orchestrations.Schedules;

namespace Orchestrations.Tests.Schedules;

[Trait("Speed", "fast")]
public class VerdictTrendTests
{
    private static readonly VerdictScore Before = Score(0.80, Decision.Wins);

    [Fact]
    public void The_same_and_a_better_verdict_are_no_regression()
    {
        Assert.Empty(VerdictTrend.Regressions(Before, Before));
        Assert.Empty(VerdictTrend.Regressions(Before, Score(0.95, Decision.Wins)));
        Assert.Empty(VerdictTrend.Regressions(Score(0.8, Decision.Loses), Before));
    }

    [Theory]
    // The smallest interesting difference is 0.05 and an interval reaches 0.02 to either side.
    [InlineData(0.76, 0)]
    [InlineData(0.75, 1)]
    [InlineData(0.40, 1)]
    public void A_fall_counts_from_the_smallest_interesting_difference_on(double now, int regressions) =>
        Assert.Equal(regressions, VerdictTrend.Regressions(Before, Score(now, Decision.Wins)).Count);

    [Fact]
    public void A_fall_within_the_interval_does_not_count() =>
        Assert.Empty(VerdictTrend.Regressions(Before, Score(0.70, Decision.Wins, half: 0.11)));

    [Theory]
    [InlineData(Decision.Wins, Decision.Undecided, "won before, undecided now")]
    [InlineData(Decision.Wins, Decision.Loses, "won before, lost now")]
    [InlineData(Decision.Undecided, Decision.Loses, "undecided before, lost now")]
    public void A_comparison_that_is_decided_worse_counts(Decision before, Decision now, string expected) =>
        Assert.Contains(expected, Assert.Single(VerdictTrend.Regressions(Score(0.8, before), Score(0.8, now))), StringComparison.Ordinal);

    [Fact]
    public void An_arm_without_a_figure_counts() =>
        Assert.Equal("srl has no figure; it was 80.0 %.", Assert.Single(VerdictTrend.Regressions(Before, Before with { Arms = [] })));

    [Fact]
    public void Verdicts_of_different_plans_are_not_held_against_each_other() =>
        Assert.Empty(VerdictTrend.Regressions(Before, Score(0.1, Decision.Loses) with { PlanHash = "other" }));

    [Fact]
    public void Where_the_numerics_differ_the_regression_says_so() => Assert.Contains(
        "avx512", VerdictTrend.Regressions(Before, Score(0.1, Decision.Wins) with { Fingerprints = ["cpu/avx512"] })[1], StringComparison.Ordinal);

    private static VerdictScore Score(double value, Decision decision, double half = 0.02) => new()
    {
        PlanHash = "plan",
        Headline = "",
        SmallestInterestingDifference = 0.05,
        Fingerprints = ["cpu/avx2"],
        Arms = [new("srl", new(value, value - half, value + half))],
        Comparisons = [new("srl", "sft", decision)],
    };
}
