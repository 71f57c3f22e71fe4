using Curriculum.Training;
using Curriculum.Work;

namespace Curriculum.Tests.Training;

[Trait("Speed", "fast")]
public class CheckpointRetentionTests
{
    [Fact]
    public void The_best_the_newest_and_every_stages_last_are_kept()
    {
        // Stage 0: 10, 20, 30, 40 with the best at 20; stage 1: 5, 10, 15.
        ValidatedCheckpoint[] all =
        [
            Point(0, 10, 0.1), Point(0, 20, 0.9), Point(0, 30, 0.2), Point(0, 40, 0.3),
            Point(1, 5, 0.4), Point(1, 10, 0.5), Point(1, 15, 0.6),
        ];
        Assert.Equal(["0/10", "0/30", "1/5"], CheckpointRetention.Released(all, keep: 2, new HashSet<string>()).Select(point => point.State.Folder));
        // What a guard may go back to is kept, and the best up to there.
        Assert.Equal(["0/10", "0/30"], CheckpointRetention.Released(all, keep: 2, new HashSet<string> { "1/5" }).Select(point => point.State.Folder));
    }

    [Fact]
    public void What_the_evaluation_will_choose_is_never_let_go_at_any_moment()
    {
        var random = new Random(5);
        for (var trial = 0; trial < 200; trial++)
        {
            var all = Enumerable.Range(0, 20).Select(n => Point(n / 7, n, random.Next(4) / 4.0)).ToList();
            var gone = new HashSet<string>();
            for (var count = 1; count <= all.Count; count++)
                gone.UnionWith(CheckpointRetention.Released([.. all.Take(count)], keep: 1 + (trial % 3), new HashSet<string>()).Select(point => point.State.Folder));
            Assert.DoesNotContain(ValidatedCheckpoint.Best(all)!.State.Folder, gone);
            Assert.DoesNotContain(all[^1].State.Folder, gone);
        }
    }

    private static ValidatedCheckpoint Point(int stage, int updates, double primary) => new()
    {
        Stage = StageKey.Parse($"run/arm/1/{stage}/0"),
        Updates = updates,
        Compute = 0,
        State = new("runs", FormattableString.Invariant($"{stage}/{updates}"), "hash"),
        Greedy = primary,
        Sampled = primary,
        Primary = primary,
        Item = WorkItemId.Of(States.Key, WorkKind.Validate, 0),
        Iteration = updates - 1,
        Problems = 64,
        Solved = [],
    };
}
