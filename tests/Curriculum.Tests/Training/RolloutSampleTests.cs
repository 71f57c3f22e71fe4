using System.Text.Json;
using Curriculum.Training;
using Curriculum.Work;

namespace Curriculum.Tests.Training;

[Trait("Speed", "fast")]
public sealed class RolloutSampleTests
{
    private static readonly StageKey Stage = StageKey.Parse("run/srl/1/0/0");

    [Fact]
    public void The_same_groups_of_an_iteration_are_kept_every_time_and_others_of_another()
    {
        var groups = Groups(40, tokens: 3);

        var kept = Of(groups, iteration: 5);

        Assert.Equal(RolloutSample.MostGroups, kept.Groups.Count);
        Assert.Equal(Json(kept), Json(Of(groups, iteration: 5)));
        Assert.NotEqual(Indices(kept), Indices(Of(groups, iteration: 6)));
        Assert.Equal(Indices(kept).Order(), Indices(kept));
        Assert.Equal(40, kept.Sampled);
        Assert.Equal("run/iterations/srl/1/0/0/samples/0000005.json.gz", kept.Blob);
    }

    [Fact]
    public void It_says_which_groups_reached_the_update_and_which_were_quarantined()
    {
        var groups = Groups(6, tokens: 3);

        var kept = RolloutSample.Of(Stage, 0, groups, [groups[1], groups[4]], new HashSet<TrajectoryGroup>([groups[2]], ReferenceEqualityComparer.Instance as IEqualityComparer<TrajectoryGroup>));

        Assert.Equal([false, true, false, false, true, false], kept.Groups.Select(group => group.Admitted));
        Assert.Equal([false, false, true, false, false, false], kept.Groups.Select(group => group.Quarantined));
    }

    [Fact]
    public void Long_completions_make_the_sample_smaller_and_never_empty()
    {
        Assert.Equal(2, Of(Groups(20, tokens: RolloutSample.MostTokens / 2), 0).Groups.Count);
        Assert.Single(Of(Groups(20, tokens: 2 * RolloutSample.MostTokens), 0).Groups);
        Assert.Empty(Of([], 0).Groups);
    }

    private static RolloutSample Of(IReadOnlyList<TrajectoryGroup> groups, int iteration) => RolloutSample.Of(Stage, iteration, groups, [], new HashSet<TrajectoryGroup>());

    private static IEnumerable<int> Indices(RolloutSample sample) => sample.Groups.Select(group => group.Index);

    private static string Json(RolloutSample sample) => JsonSerializer.Serialize(sample, TrainingJson.Default.RolloutSample);

    private static TrajectoryGroup[] Groups(int count, int tokens) =>
    [
        .. Enumerable.Range(0, count).Select(index => new TrajectoryGroup
        {
            ProblemId = $"problem-{index}",
            PromptTokens = [],
            Trajectories = [new() { Tokens = new int[tokens], LogProbs = [], Text = "", Terminated = true, Reward = index, WellFormed = true }],
        }),
    ];
}
