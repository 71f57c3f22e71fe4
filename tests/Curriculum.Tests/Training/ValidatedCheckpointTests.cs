using Curriculum.Training;
using Curriculum.Work;

namespace Curriculum.Tests.Training;

[Trait("Speed", "fast")]
public class ValidatedCheckpointTests
{
    [Fact]
    public void The_best_on_validation_is_chosen()
    {
        Assert.Equal(20, ValidatedCheckpoint.Best([Point(10, 0.4), Point(20, 0.6), Point(30, 0.5)])!.Updates);
    }

    [Fact]
    public void Of_equals_the_latest_is_chosen()
    {
        Assert.Equal(30, ValidatedCheckpoint.Best([Point(10, 0.6), Point(20, 0.5), Point(30, 0.6)])!.Updates);
    }

    [Fact]
    public void Without_a_validation_nothing_is_chosen() => Assert.Null(ValidatedCheckpoint.Best([]));

    private static ValidatedCheckpoint Point(int updates, double primary) => new()
    {
        Stage = States.Key,
        Updates = updates,
        Compute = updates,
        State = new("runs", $"r/checkpoints/{updates}", "00"),
        Item = WorkItemId.Of(States.Key, WorkKind.Validate, updates),
        Iteration = updates - 1,
        Problems = 64,
        Solved = [],
        Greedy = primary,
        Sampled = primary,
        Primary = primary,
    };
}
