using Curriculum.Evaluation;
using Curriculum.Plans;
using Curriculum.Work;

namespace Curriculum.Tests.Evaluation;

[Trait("Speed", "fast")]
public sealed class PairedRunsTests
{
    [Fact]
    public void The_same_answers_differ_by_nothing_and_no_draw_says_otherwise() =>
        Assert.Equal(new(0, 0, 0), PairedRuns.Difference([(Answers(64, at => at % 3), Answers(64, at => at % 3))], Metric.Sampled, 0.95, 200, "a"));

    // By hand: one more sample of four is right in half of the problems, so the mean difference is 1/8.
    [Fact]
    public void A_difference_that_each_problem_shows_is_told_though_problems_differ_far_more_among_themselves()
    {
        var pairs = Enumerable.Range(0, 3).Select(_ => (Answers(64, at => at % 2 == 0 ? 4 : at % 4), Answers(64, at => at % 2 == 0 ? 3 : at % 4))).ToList();
        var found = PairedRuns.Difference(pairs, Metric.Sampled, 0.95, 1000, "a");
        Assert.Equal(0.125, found.Value, 1e-12);
        Assert.InRange(found.Low, 0.05, 0.12);
        Assert.InRange(found.High, 0.13, 0.2);
        Assert.Equal(found, PairedRuns.Difference(pairs, Metric.Sampled, 0.95, 1000, "a"));
    }

    [Fact]
    public void Answers_are_of_one_kind_where_they_are_to_the_same_problems_in_the_same_order()
    {
        Assert.True(PairedRuns.AreOfOneKind(Answers(3, _ => 0), Answers(3, _ => 1)));
        Assert.False(PairedRuns.AreOfOneKind(Answers(3, _ => 0), Answers(4, _ => 0)));
        Assert.False(PairedRuns.AreOfOneKind(Answers(3, _ => 0), [.. Answers(3, _ => 0).Reverse()]));
        Assert.False(PairedRuns.AreOfOneKind([], []));
    }

    private static IReadOnlyList<ProblemAnswers> Answers(int count, Func<int, int> right) => [.. Enumerable.Range(0, count).Select(at => new ProblemAnswers
    {
        ProblemId = $"p/{at}",
        GreedyCorrect = right(at) > 2,
        GreedyStepsValid = false,
        GreedyText = "",
        Samples = 4,
        SamplesCorrect = right(at),
        SamplesStepsValid = 0,
        MeanTokens = 1,
    })];
}
