using Curriculum.Admission;
using Curriculum.Methods;
using Curriculum.Plans;
using Curriculum.Work;

namespace Curriculum.Tests.Admission;

[Trait("Speed", "fast")]
public sealed class AdmitTests
{
    private static readonly RlvrPlan Plan = Stage(new() { MinimumStd = 0.05, TargetGroups = 2, RefillRounds = 3 });

    /// <summary>What a stage's method takes of groups.</summary>
    internal static AdmissionResult Decide(IEnumerable<TrajectoryGroup> groups, SampledStagePlan stage, int round, IReadOnlySet<TrajectoryGroup>? quarantined = null) =>
        Admit.Decide(groups, ((SampledMethod)TrainingMethod.Of(stage)).IsUseful, stage.Admission, round, quarantined);

    [Fact]
    public void A_group_is_admitted_whole_when_its_std_is_above_the_minimum()
    {
        // One of eight at 1 - d has population std d sqrt(7)/8: 0.0496 at d = 0.15, 0.0529 at d = 0.16.
        var below = Group("below", 0.85, 1, 1, 1, 1, 1, 1, 1);
        var above = Group("above", 0.84, 1, 1, 1, 1, 1, 1, 1);
        var result = Decide([below, above, Group("equal", 1, 1, 1)], Plan, round: 0);
        Assert.Equal([above], result.Groups);
        Assert.Same(above, result.Groups[0]);
    }

    [Fact]
    public void A_std_of_exactly_the_minimum_is_not_above_it() =>
        Assert.Empty(Decide([Group("a", 0, 1)], Stage(new() { MinimumStd = 0.5 }), 0).Groups);

    [Theory]
    [InlineData(2, 0, AdmissionDecision.Ready)]
    [InlineData(3, 1, AdmissionDecision.Ready)]
    [InlineData(1, 0, AdmissionDecision.Refill)]
    [InlineData(0, 2, AdmissionDecision.Refill)]
    [InlineData(1, 3, AdmissionDecision.Ready)] // short, but the refills are used up
    [InlineData(0, 3, AdmissionDecision.Starved)]
    public void The_decision_follows_the_admitted_groups_and_the_round(int useful, int round, AdmissionDecision expected)
    {
        var groups = Enumerable.Range(0, 4).Select(i => i < useful ? Group($"u{i}", 0, 1) : Group($"d{i}", 1, 1));
        Assert.Equal(expected, Decide(groups, Plan, round).Decision);
    }

    [Fact]
    public void Without_refills_an_empty_round_starves_at_once()
    {
        Assert.Equal(AdmissionDecision.Starved, Decide([Group("a", 1)], Stage(new() { RefillRounds = 0 }), 0).Decision);
        Assert.Equal(AdmissionDecision.Starved, Decide([], Stage(new() { RefillRounds = 0 }), 0).Decision);
    }

    [Fact]
    public void The_yield_counts_every_trajectory()
    {
        var lone = Group("lone", 0, 0, 0, 1);
        var half = Group("half", 0, 1, 0, 1);
        var none = Group("none", -1, -1, -1, -1);
        var yield = Decide([lone, half, none], Plan, 0).Yield;
        Assert.Equal((3, 2, 1, 1), (yield.Sampled, yield.Admitted, yield.Dropped, yield.LoneSuccesses));
        Assert.Equal((1 + 2 - 4) / 12.0, yield.MeanReward, 1e-15);
        Assert.Equal(8.0 / 12, yield.WellFormedShare, 1e-15);
    }

    // Values are a baseline of their own, and verl keeps the raw reward of a group of one.
    [Fact]
    public void Groups_without_a_spread_are_of_use_where_something_else_is_the_baseline()
    {
        var even = Group("even", 1, 1);
        var alone = Group("alone", 1);
        Assert.Equal([even, alone], Decide([even, alone], Plan with { Advantage = new() { Estimator = AdvantageEstimator.Gae } }, 0).Groups);
        Assert.Equal([alone], Decide([even, alone], Plan with { Advantage = new() { GroupOfOne = LoneAdvantage.Raw } }, 0).Groups);
    }

    // DAPO keeps groups with 0 < correct < G: a penalty for length makes no group useful.
    [Fact]
    public void A_length_penalty_admits_no_group()
    {
        var group = Group("right", 1, 1);
        group = group with { Trajectories = [group.Trajectories[0], group.Trajectories[1] with { Penalty = -1 }] };
        Assert.Empty(Decide([group], Plan, 0).Groups);
    }

    internal static RlvrPlan Stage(AdmissionPlan admission) => new() { Admission = admission };

    internal static TrajectoryGroup Group(string id, params double[] rewards) => new()
    {
        ProblemId = id,
        PromptTokens = [1, 2],
        Trajectories = [.. rewards.Select((reward, index) => new Trajectory
        {
            Tokens = [.. Enumerable.Range(10, index + 1)],
            LogProbs = [.. Enumerable.Repeat(-0.5f, index + 1)],
            Text = "",
            Terminated = true,
            Reward = reward,
            WellFormed = reward >= 0,
        })],
    };
}
