using CsCheck;
using Curriculum.Admission;
using Curriculum.Advantages;
using Curriculum.Guards;
using Curriculum.Methods;
using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Stages;
using Curriculum.Statistics;
using Curriculum.Tests.Admission;

namespace Curriculum.Tests.Statistics;

[Trait("Speed", "fast")]
public sealed class RoundingTests
{
    // 0.30000000000000004: the sum rounds to the double after 0.3.
    private const double Other = 0.1 + 0.2;

    [Theory]
    [InlineData(0.3, Other, true)]
    [InlineData(0.3, 0.3 + 1e-9, false)]
    [InlineData(0.3, 0.31, false)]
    [InlineData(30_000.000_001, 30_000, true)] // relative: the mean of many lengths
    [InlineData(30_000.001, 30_000, false)]
    [InlineData(double.NaN, 0.3, false)]
    [InlineData(0.3, double.NaN, false)]
    public void Figures_that_differ_by_rounding_are_the_same(double value, double other, bool same)
    {
        Assert.NotEqual(0.3, Other);
        Assert.Equal(same, Rounding.Same(value, other));
        Assert.Equal(same, Rounding.Same(other, value));
        Assert.False(same && (Rounding.Above(value, other) || Rounding.Below(value, other)));
    }

    [Fact]
    public void Of_two_figures_exactly_one_is_above_or_they_are_the_same() => Gen.Select(Gen.Double[-10, 10], Gen.Double[-10, 10]).Sample((a, b) =>
        (Rounding.Above(a, b) ? 1 : 0) + (Rounding.Below(a, b) ? 1 : 0) + (Rounding.Same(a, b) ? 1 : 0) == 1 && Rounding.Reaches(a, b) != Rounding.Below(a, b));

    // Worked by a sum of doubles from left to right: ten times 0.1 is 0.9999999999999999, a tenth of it 0.09999999999999999.
    [Fact]
    public void Ten_rewards_of_a_tenth_are_none_above_their_mean()
    {
        double[] rewards = [.. Enumerable.Repeat(0.1, 10)];
        Assert.True(rewards[0] > rewards.Average());
        var problem = TwoDials.Pose("p", DialOperation.Parse("A=7B+3C=2D-1?"));
        var group = AdmitTests.Group("p", rewards);
        Assert.Null(TextFigures.Of([group with { Step = null }], _ => problem)!.RewardedSkipped);
        Assert.Equal(1, TextFigures.Of([AdmitTests.Group("p", [.. rewards, 0.2]) with { Step = null }], _ => problem)!.RewardedSkipped);
    }

    [Fact]
    public void Rewards_that_differ_by_rounding_have_no_spread_no_advantage_and_no_lone_success()
    {
        double[] rewards = [0.3, 0.3, 0.3, Other];
        Assert.Equal(0, GroupAdvantages.PopulationStd(rewards));
        Assert.Equal([0, 0, 0, 0], GroupAdvantages.Of(rewards, new() { Delta = 0 }));
        Assert.False(LoneSuccess.Is(rewards));
        Assert.Empty(AdmitTests.Decide([AdmitTests.Group("a", rewards)], AdmitTests.Stage(new() { MinimumStd = 0 }), 0).Groups);
        Assert.True(LoneSuccess.Is([0.3, Other, 0.9, 0.3]));
    }

    // A success of 0.1 + 0.2 asks for more than the double 0.3.
    [Fact]
    public void A_reward_that_reaches_success_but_for_rounding_is_one()
    {
        var stage = new ExpertIterationPlan { Success = Other };
        Assert.True(((SampledMethod)TrainingMethod.Of(stage)).IsUseful(AdmitTests.Group("a", 0, 0.3)));
        Assert.False(((SampledMethod)TrainingMethod.Of(stage)).IsUseful(AdmitTests.Group("a", 0, 0.29)));
        Assert.Single(ExpertDataTests.Gather(null, [AdmitTests.Group("a", 0, 0.3)], stage).Sampled);
    }

    [Fact]
    public void A_gate_opens_for_a_mean_that_is_its_threshold_but_for_rounding()
    {
        var mean = Enumerable.Repeat(0.1, 10).Sum() / 10; // 0.09999999999999999
        var result = new StageResult
        {
            Method = Method.Rlvr,
            Outcome = StageOutcome.Completed,
            Reason = "",
            Updates = 1,
            Iterations = 1,
            Compute = 1,
            ForwardTokens = 1,
            TrainedTokens = 1,
            GroupsSampled = 10,
            GroupsAdmitted = 1,
            PassAtK = mean,
            FormatRate = mean,
            ValidationAccuracy = mean,
        };
        var gate = new GatePlan { MinimumPassAtK = 0.1, MinimumFormatRate = 0.1, MinimumAccuracy = 0.1, MinimumUsefulGroups = 0.1 };
        Assert.Equal(GateAction.Advance, StageGate.Decide(result, gate, 0).Action);
        Assert.Equal(GateAction.Stop, StageGate.Decide(result, gate with { MinimumPassAtK = 0.1001 }, 0).Action);
    }

    // 0.1 + 0.2 as a limit is above 0.3; 0.7 + 0.1 is 0.7999999999999999, below 0.8.
    [Fact]
    public void A_guard_does_not_fire_at_its_limit()
    {
        static TextFigures Figures(double repetition) => new() { Completions = 1, MeanTokens = 10, NgramRepetition = repetition, BlockRepetition = 0.02 };
        var plan = new GuardsPlan { Window = 1, NgramRepetition = new() { MaximumRise = 0.1 } };
        Assert.True(0.8 > 0.7 + 0.1);
        var start = TextGuards.OnIteration(plan, new(), Figures(0.7), 0, 0).State;
        Assert.Empty(TextGuards.OnIteration(plan, start, Figures(0.8), 0, 1).Alarms);
        Assert.Equal(GuardKind.NgramRepetition, Assert.Single(TextGuards.OnIteration(plan, start, Figures(0.81), 0, 1).Alarms).Guard);
    }
}
