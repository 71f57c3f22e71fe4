using Curriculum.Admission;
using Curriculum.Plans;
using Curriculum.Problems;

namespace Curriculum.Tests.Admission;

public sealed class BatchBuilderTests
{
    [Fact]
    public void Each_completion_token_carries_the_advantage_of_its_trajectory()
    {
        var batch = BatchBuilder.OfGroups([AdmitTests.Group("a", 1, 0, 0, 1)], new AdvantagePlan { Delta = 0 });
        Assert.Empty(batch.Written);
        Assert.Equal(4, batch.Sampled.Count);
        Assert.Equal([1f], batch.Sampled[0].Advantages);
        Assert.Equal([-1f, -1f, -1f], batch.Sampled[2].Advantages);
        Assert.Equal([10, 11, 12], batch.Sampled[2].Tokens);
        Assert.Equal([1, 2], batch.Sampled[2].PromptTokens);
        Assert.Equal([-0.5f, -0.5f, -0.5f], batch.Sampled[2].OldLogProbs);
    }

    [Fact]
    public void The_order_in_which_groups_arrive_does_not_matter()
    {
        var (a, b, b1) = (AdmitTests.Group("a", 0, 1), AdmitTests.Group("b", 1, 0, 0), AdmitTests.Group("b", 0, 0, 0, 1) with { Step = 1 });
        var expected = BatchBuilder.OfGroups([a, b, b1], new()).Sampled.Select(s => s.Advantages[0]).ToArray();
        Assert.Equal(expected, BatchBuilder.OfGroups([b1, b, a], new()).Sampled.Select(s => s.Advantages[0]));
        Assert.Equal(9, expected.Length);
    }

    [Fact]
    public void A_trajectory_without_a_log_probability_for_each_token_is_refused()
    {
        var group = AdmitTests.Group("a", 0, 1);
        var broken = group with { Trajectories = [group.Trajectories[0], group.Trajectories[1] with { LogProbs = [] }] };
        Assert.Throws<ArgumentException>(() => BatchBuilder.OfGroups([broken], new()));
    }

    [Fact]
    public void A_demonstration_is_the_question_and_the_whole_solution()
    {
        var problem = TwoDials.Pose("p", DialOperation.Parse("A=7B=3?"));
        var batch = BatchBuilder.OfDemonstrations([problem]);
        Assert.Equal([new("A=7B=3?", "A0=7=7;B7=3=3;#73$")], batch.Written);
        Assert.Throws<ArgumentException>(() => BatchBuilder.OfDemonstrations([problem with { Steps = [] }]));
    }
}
