using Curriculum.Admission;
using Curriculum.Methods;
using Curriculum.Plans;
using Curriculum.Work;

namespace Curriculum.Tests.Admission;

[Trait("Speed", "fast")]
public sealed class ExpertDataTests
{
    private static readonly ExpertIterationPlan Stage = new();

    /// <summary>What a stage's method gathers of groups.</summary>
    internal static UpdateBatch Gather(UpdateBatch? before, IEnumerable<TrajectoryGroup> groups, StagePlan stage) => TrainingMethod.Of(stage).Update(new()
    {
        Stage = StageKey.Parse("run/arm/1/0/0"),
        Iteration = 0,
        Draw = _ => [],
        Problem = _ => throw new InvalidOperationException("Expected no problem to be asked for."),
        Chat = false,
        Groups = [.. groups],
        Gathered = before,
    }).Gathered!;

    [Fact]
    public void Successes_are_gathered_over_iterations_and_failures_left()
    {
        var first = Gather(null, [AdmitTests.Group("b", 0, 1), AdmitTests.Group("a", 1, 0, 1)], Stage);
        // Of a: its trajectories of 1 and 3 tokens; of b: that of 2.
        Assert.Equal([1, 3, 2], first.Sampled.Select(sequence => sequence.Tokens.Count));
        Assert.All(first.Sampled, sequence => Assert.All(sequence.Advantages, weight => Assert.Equal(1, weight)));
        var second = Gather(first, [AdmitTests.Group("c", 0, 0, 0, 1)], Stage);
        Assert.Equal([1, 3, 2, 4], second.Sampled.Select(sequence => sequence.Tokens.Count));
    }

    [Fact]
    public void A_success_that_was_had_before_is_kept_once_unless_the_plan_says_otherwise()
    {
        var group = AdmitTests.Group("a", 1, 1);
        var once = Gather(null, [group], Stage);
        Assert.Equal(2, Gather(once, [group], Stage).Sampled.Count);
        Assert.Equal(4, Gather(once, [group], Stage with { Expert = new() { Deduplicate = false } }).Sampled.Count);
    }

    [Fact]
    public void The_plan_says_what_a_success_is()
    {
        var group = AdmitTests.Group("a", 0.5, 0.9, 0.2);
        Assert.Empty(Gather(null, [group], Stage).Sampled);
        Assert.Equal(2, Gather(null, [group], Stage with { Success = 0.5 }).Sampled.Count);
        Assert.Equal(AdmissionDecision.Ready, AdmitTests.Decide([group], Stage with { Success = 0.5 }, 0).Decision);
        Assert.Equal(AdmissionDecision.Starved, AdmitTests.Decide([group], Stage, 8).Decision);
    }

    // 5 successes, 2 rows a step, 2 passes: steps of 2, 2, 1, twice.
    [Fact]
    public void Every_pass_takes_each_success_once_in_an_order_of_its_own()
    {
        var data = Gather(null, [AdmitTests.Group("a", 1, 1, 1, 1, 1)], Stage);
        var batches = ExpertData.Batches(data, new() { Passes = 2, Rows = 2 }, "k");
        Assert.Equal([2, 2, 1, 2, 2, 1], batches.Select(batch => batch.Sampled.Count));
        var passes = batches.SelectMany(batch => batch.Sampled).Select(sequence => sequence.Tokens.Count).Chunk(5).ToArray();
        Assert.All(passes, pass => Assert.Equal([1, 2, 3, 4, 5], pass.Order()));
        Assert.NotEqual(passes[0], passes[1]);
        Assert.Equal(
            batches.SelectMany(batch => batch.Sampled).Select(sequence => sequence.Tokens.Count),
            ExpertData.Batches(data, new() { Passes = 2, Rows = 2 }, "k").SelectMany(batch => batch.Sampled).Select(sequence => sequence.Tokens.Count));
    }
}
