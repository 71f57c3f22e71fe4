using Curriculum.Methods;
using Curriculum.Plans;
using Curriculum.Tests.Admission;
using Curriculum.Work;

namespace Curriculum.Tests.Methods;

[Trait("Speed", "fast")]
public class BestOfNTests
{
    [Theory]
    [InlineData(1, new[] { 0.9 })]
    [InlineData(2, new[] { 0.9, 0.7 })]
    [InlineData(4, new[] { 0.9, 0.7 })] // the mean is 0.5: what is at or below it is not imitated
    public void The_best_of_each_group_are_trained_on_and_none_that_is_not_above_its_mean(int best, double[] expected)
    {
        var group = AdmitTests.Group("a", 0.1, 0.7, 0.9, 0.3);
        Assert.Equal(expected.Select(reward => Array.IndexOf([0.1, 0.7, 0.9, 0.3], reward)), Trained(new() { Best = best }, Numbered(group)));
    }

    [Fact]
    public void Of_equals_those_that_were_drawn_first_are_taken() =>
        Assert.Equal([1], Trained(new(), Numbered(AdmitTests.Group("a", 0, 1, 1, 0))));

    [Fact]
    public void A_group_whose_rewards_are_alike_has_no_best()
    {
        var method = (SampledMethod)TrainingMethod.Of(new BestOfNPlan());
        Assert.False(method.IsUseful(AdmitTests.Group("a", 0.5, 0.5, 0.5)));
        Assert.True(method.IsUseful(AdmitTests.Group("a", 0.5, 0.5, 0.8)));
    }

    [Fact]
    public void It_imitates_by_likelihood_from_the_newest_policy_with_nothing_gathered()
    {
        var update = Update(new(), Numbered(AdmitTests.Group("a", 0, 1)));
        Assert.Equal((LossKind.Likelihood, false, null), (update.Loss, update.FromStart, update.Gathered));
        Assert.All(update.Batches[0].Sampled[0].Advantages, weight => Assert.Equal(1, weight));
    }

    /// <summary>Which completions were trained on, by their order in the group.</summary>
    private static IEnumerable<int> Trained(BestOfNPlan plan, TrajectoryGroup group) => Update(plan, group).Batches.Single().Sampled.Select(sequence => sequence.Tokens[0]);

    private static TrajectoryGroup Numbered(TrajectoryGroup group) =>
        group with { Trajectories = [.. group.Trajectories.Select((trajectory, index) => trajectory with { Tokens = [index], LogProbs = [-1] })] };

    private static UpdateMaterial Update(BestOfNPlan plan, TrajectoryGroup group) => TrainingMethod.Of(plan).Update(new()
    {
        Stage = StageKey.Parse("run/arm/1/0/0"),
        Iteration = 0,
        Draw = _ => [],
        Problem = _ => throw new InvalidOperationException("Expected no problem to be asked for."),
        Chat = false,
        Groups = [group],
    });
}
