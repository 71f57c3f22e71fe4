using Curriculum.Plans;
using Curriculum.Stages;

namespace Curriculum.Tests.Stages;

[Trait("Speed", "fast")]
public sealed class StageGateTests
{
    private static readonly StageResult Result = new()
    {
        Method = Method.Srl,
        Outcome = StageOutcome.Completed,
        Reason = "the budget is spent",
        Updates = 10,
        Iterations = 10,
        Compute = 1000,
        ForwardTokens = 400,
        TrainedTokens = 200,
        GroupsSampled = 100,
        GroupsAdmitted = 30,
    };

    [Theory]
    [InlineData(null, null, 0.0, GateAction.Advance)] // no thresholds
    [InlineData(0.5, null, 0.5, GateAction.Advance)]
    [InlineData(0.5, null, 0.49, GateAction.Repeat)]
    [InlineData(null, 0.3, 0.0, GateAction.Advance)]
    [InlineData(null, 0.31, 0.0, GateAction.Repeat)]
    [InlineData(0.5, null, double.NaN, GateAction.Repeat)]
    public void Thresholds_decide(double? accuracy, double? useful, double measured, GateAction expected) =>
        Assert.Equal(expected, StageGate.Decide(Result with { ValidationAccuracy = measured }, new() { MinimumAccuracy = accuracy, MinimumUsefulGroups = useful, Repeats = 1 }, 0).Action);

    [Fact]
    public void Repeats_are_used_up_and_then_the_arm_stops_with_every_reason()
    {
        var plan = new GatePlan { MinimumAccuracy = 0.9, MinimumUsefulGroups = 0.5, Repeats = 2 };
        Assert.Equal([GateAction.Repeat, GateAction.Repeat, GateAction.Stop], Enumerable.Range(0, 3).Select(i => StageGate.Decide(Result with { ValidationAccuracy = 0.2 }, plan, i).Action));
        Assert.Equal(
            "The gate asks for a validation accuracy of 0.9; it is 0.2. The gate asks for a share of 0.5 useful groups; it is 0.3 (30 of 100). All 2 repeats are used.",
            StageGate.Decide(Result with { ValidationAccuracy = 0.2 }, plan, 2).Reason);
    }

    [Theory]
    [InlineData(StageOutcome.Failed, GateAction.Stop)]
    [InlineData(StageOutcome.StoppedByGuard, GateAction.Stop)]
    [InlineData(StageOutcome.StoppedByCap, GateAction.Stop)]
    [InlineData(StageOutcome.Canceled, GateAction.Stop)]
    [InlineData(StageOutcome.Starved, GateAction.Advance)]
    [InlineData(StageOutcome.Completed, GateAction.Advance)]
    public void The_outcome_comes_first(StageOutcome outcome, GateAction expected) =>
        Assert.Equal(expected, StageGate.Decide(Result with { Outcome = outcome, ValidationAccuracy = 1 }, new() { Repeats = 5 }, 0).Action);

    [Fact]
    public void A_threshold_that_cannot_be_measured_is_not_passed_and_says_so()
    {
        var decision = StageGate.Decide(Result, new() { MinimumAccuracy = 0 }, 0);
        Assert.Equal(GateAction.Stop, decision.Action);
        Assert.Contains("none was measured", decision.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.9, 0.9, GateAction.Advance)]
    [InlineData(0.9, 0.89, GateAction.Stop)]
    [InlineData(0.9, null, GateAction.Stop)]
    public void The_format_rate_and_pass_at_k_are_thresholds_like_the_others(double asked, double? measured, GateAction expected)
    {
        Assert.Equal(expected, StageGate.Decide(Result with { FormatRate = measured }, new() { MinimumFormatRate = asked }, 0).Action);
        Assert.Equal(expected, StageGate.Decide(Result with { PassAtK = measured }, new() { MinimumPassAtK = asked }, 0).Action);
    }

    [Fact]
    public void The_reason_names_the_k_of_pass_at_k() => Assert.Equal(
        "The gate asks for a pass@2 on validation of 0.5; it is 0.25. All 0 repeats are used.",
        StageGate.Decide(Result with { PassAtK = 0.25 }, new() { MinimumPassAtK = 0.5, PassK = 2 }, 0).Reason);

    [Fact]
    public void A_trained_token_costs_three_forward_tokens() => Assert.Equal(1000, ComputeUnits.Of(400, 200));
}
