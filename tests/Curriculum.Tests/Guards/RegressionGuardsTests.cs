using Curriculum.Guards;
using Curriculum.Plans;
using Curriculum.Tests.Evaluation;

namespace Curriculum.Tests.Guards;

[Trait("Speed", "fast")]
public sealed class RegressionGuardsTests
{
    private static readonly GuardsPlan Plan = new();

    private static readonly string[] Ten = [.. Enumerable.Range(0, 10).Select(i => $"p{i}")];

    [Theory]
    [InlineData(8, false)] // 2 of 10 lost: a fifth, and not more
    [InlineData(7, true)]
    public void More_than_a_fifth_of_what_was_solved_is_a_regression(int still, bool expected)
    {
        var judged = Judge(new() { BestValidation = "best", BestAccuracy = 0.5 }, Ten, still);
        Assert.Equal(expected, judged.Alarms.Count == 1);
        Assert.Equal("best", judged.State.BestValidation);
        if (expected)
            Assert.Equal("The lost share of 10 problems solved before is 0.3 at validation; the most allowed is 0.2.", judged.Alarms[0].Message);
    }

    [Fact]
    public void Problems_gained_do_not_make_up_for_those_lost()
    {
        // Ten others of twenty are solved, as many as before: the accuracy is no better, so the best stays, and all ten are lost.
        var answers = Enumerable.Range(0, 20).Select(i => SampleRun.Answer($"p{i}", i >= 11 ? 4 : 0)).ToList();
        var judged = RegressionGuards.OnValidation(Plan, new() { BestValidation = "best", BestAccuracy = 0.5 }, Ten, answers, "new", 0, 4);
        Assert.Equal(1.0, Assert.Single(judged.Alarms).Value);
    }

    [Fact]
    public void The_first_validation_and_every_better_one_become_what_is_compared_with()
    {
        var first = Judge(new(), null, 3);
        Assert.Equal(("new", 0.15), (first.State.BestValidation, first.State.BestAccuracy));
        Assert.Equal("new", Judge(new() { BestValidation = "best", BestAccuracy = 0.1 }, ["p0", "p1"], 3).State.BestValidation);
    }

    [Fact]
    public void Few_solved_problems_prove_nothing() =>
        Assert.Empty(Judge(new() { BestValidation = "best", BestAccuracy = 0.5 }, Ten[..7], 0).Alarms);

    // Twenty problems, the first so many solved.
    private static GuardJudgement Judge(GuardState state, IReadOnlyCollection<string>? best, int solved) => RegressionGuards.OnValidation(
        Plan, state, best, [.. Enumerable.Range(0, 20).Select(i => SampleRun.Answer($"p{i}", i < solved ? 4 : 0))], "new", 0, 4);
}
