using Curriculum.Admission;
using Curriculum.Plans;

namespace Curriculum.Tests.Admission;

[Trait("Speed", "fast")]
public sealed class LoneSuccessTests
{
    private static readonly LoneSuccessPlan Cap = new() { Action = LoneSuccessAction.Cap };

    [Theory]
    [InlineData(new double[] { 0, 0, 0, 1 }, true)]
    [InlineData(new double[] { 0, 0, 1, 1 }, false)]
    [InlineData(new double[] { 1, 1, 1, 0 }, false)] // a lone failure
    [InlineData(new double[] { 0, 0.5, 1 }, false)]
    [InlineData(new double[] { 1 }, false)]
    [InlineData(new double[] { 1, 1 }, false)]
    public void A_lone_success_stands_above_all_others_which_are_alike(double[] rewards, bool expected) =>
        Assert.Equal(expected, LoneSuccess.Is(rewards));

    [Fact]
    public void A_cap_scales_the_whole_group_so_that_its_advantages_still_sum_to_zero()
    {
        // G = 8: sqrt(7) = 2.6458 and -1/sqrt(7) = -0.378 become 1 and -1/7.
        double[] rewards = [0, 0, 0, 1, 0, 0, 0, 0];
        double[] advantages = [.. rewards.Select(r => r == 1 ? Math.Sqrt(7) : -1 / Math.Sqrt(7))];
        var capped = LoneSuccess.Cap(rewards, advantages, Cap);
        Assert.Equal(1, capped[3], 1e-12);
        Assert.Equal(-1.0 / 7, capped[0], 1e-12);
        Assert.Equal(0, capped.Sum(), 1e-12);
    }

    [Fact]
    public void Other_groups_and_other_actions_are_left_alone()
    {
        double[] two = [1, 1, -1, -1];
        Assert.Same(two, LoneSuccess.Cap([1, 1, 0, 0], two, Cap));
        double[] lone = [3, -1, -1, -1];
        Assert.Same(lone, LoneSuccess.Cap([1, 0, 0, 0], lone, new()));
        Assert.Same(lone, LoneSuccess.Cap([1, 0, 0, 0], lone, null));
        Assert.Same(lone, LoneSuccess.Cap([1, 0, 0, 0], lone, Cap with { MaximumAdvantage = 3 }));
    }

    [Fact]
    public void A_second_success_confirms_the_group_with_all_its_samples_and_none_does_not()
    {
        var group = AdmitTests.Group("a", 0, 1, 0, 0);
        Assert.Null(LoneSuccess.Confirm(group, AdmitTests.Group("a", 0, 0)));
        Assert.Equal([0, 1, 0, 0, 0, 1], LoneSuccess.Confirm(group, AdmitTests.Group("a", 0, 1))!.Trajectories.Select(t => t.Reward));
    }

    [Fact]
    public void A_quarantined_group_is_sampled_and_not_admitted()
    {
        var (held, kept) = (AdmitTests.Group("a", 0, 1, 0, 0), AdmitTests.Group("b", 0, 1, 0, 0));
        var result = AdmitTests.Decide([held, kept], AdmitTests.Stage(new()), 0, new HashSet<Curriculum.Work.TrajectoryGroup>(ReferenceEqualityComparer.Instance) { held });
        Assert.Same(kept, Assert.Single(result.Groups));
        Assert.Equal((2, 1, 2, 1), (result.Yield.Sampled, result.Yield.Admitted, result.Yield.LoneSuccesses, result.Yield.Quarantined));
    }
}
