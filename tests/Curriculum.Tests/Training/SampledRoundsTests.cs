using Curriculum.Training;
using Curriculum.Work;

namespace Curriculum.Tests.Training;

[Trait("Speed", "fast")]
public class SampledRoundsTests
{
    [Fact]
    public void Each_round_s_lone_successes_are_checked_once_and_quarantined_where_no_other_sample_succeeds()
    {
        var sampled = new SampledRounds();
        sampled.Add(Id(0, WorkKind.Rollout), Output(10, Group("a", 0, 1, 0, 0), Group("b", 1, 1, 0, 0)), 1);
        sampled.Add(Id(0, WorkKind.Rollout, chunk: 1), Output(10, Group("c", 0, 0, 0, 1)), 1);
        Assert.Equal(["a", "c"], sampled.Unchecked(0).Select(group => group.ProblemId));

        sampled.Add(Id(0, WorkKind.Check), Output(5, Group("a", 0, 0), Group("c", 0, 1)), 2);
        Assert.Empty(sampled.Unchecked(0));
        sampled.Add(Id(1, WorkKind.Rollout), Output(10, Group("a", 0, 0, 1, 0)), 1);
        Assert.Single(sampled.Unchecked(1));
        sampled.Add(Id(1, WorkKind.Check), Output(5, Group("a", 1, 1)), 2);

        var (groups, quarantined) = sampled.Settled();
        Assert.Equal(["a", "b", "c", "a"], groups.Select(group => group.ProblemId));
        Assert.Equal([4, 4, 6, 6], groups.Select(group => group.Trajectories.Count));
        Assert.Same(groups[0], Assert.Single(quarantined));
        // What the checks took counts as well.
        Assert.Equal((40L, 7.0), (sampled.ForwardTokens, sampled.Seconds));
    }

    [Fact]
    public void Without_checks_every_group_is_as_it_was_sampled()
    {
        var sampled = new SampledRounds();
        sampled.Add(Id(0, WorkKind.Rollout), Output(10, Group("a", 0, 1, 0)), 1);
        var (groups, quarantined) = sampled.Settled();
        Assert.Equal(3, Assert.Single(groups).Trajectories.Count);
        Assert.Empty(quarantined);
    }

    private static WorkItemId Id(int round, WorkKind kind, int chunk = 0) => WorkItemId.Of(States.Key, kind, 3, round, chunk);

    private static RolloutOutput Output(long tokens, params TrajectoryGroup[] groups) => new() { Groups = groups, ForwardTokens = tokens };

    private static TrajectoryGroup Group(string id, params double[] rewards) => new()
    {
        ProblemId = id,
        PromptTokens = [1],
        Trajectories = [.. rewards.Select(reward => new Trajectory { Tokens = [1], LogProbs = [-1], Text = "", Terminated = true, Reward = reward, WellFormed = true })],
    };
}
