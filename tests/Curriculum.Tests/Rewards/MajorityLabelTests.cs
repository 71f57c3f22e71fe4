using Curriculum.Problems;
using Curriculum.Rewards;
using Curriculum.Work;

namespace Curriculum.Tests.Rewards;

[Trait("Speed", "fast")]
public sealed class MajorityLabelTests
{
    private static readonly Problem Problem = TwoDials.Pose("p", DialOperation.Parse("A=7B+3C-2D=6E+5F-4?"));

    [Fact]
    public void The_answer_given_most_often_is_the_label_and_silence_does_not_vote()
    {
        var votes = new ProblemVotes("p", [null, "12", "87", "12", null, null, null]);
        Assert.Equal(new("12", 2, 7, false), MajorityLabel.Of(votes, Problem, 64));
        Assert.Equal(new("87", 1, 1, true), MajorityLabel.Of(new("p", ["87"]), Problem, 64));
        Assert.Equal(new(null, 0, 2, false), MajorityLabel.Of(new("p", [null, null]), Problem, 64));
    }

    [Fact]
    public void Of_answers_given_equally_often_the_first_wins() =>
        Assert.Equal("12", MajorityLabel.Of(new("p", ["12", "87", "87", "12"]), Problem, 64).Label);

    [Fact]
    public void A_stage_that_asks_for_fewer_votes_counts_the_first_ones() =>
        Assert.Equal("12", MajorityLabel.Of(new("p", ["12", "87", "87"]), Problem, 1).Label);

    // 14/5 and 2.8 are one answer.
    [Fact]
    public void Equal_numbers_are_one_answer()
    {
        var family = ProblemFamilies.Get(RandomCalculation.FamilyName);
        Assert.Equal(family.Answer("#14/5$"), family.Answer("#2.8$"));
        Problem fraction = new() { Id = "f", Family = RandomCalculation.FamilyName, Question = "14/5=", Answer = "14/5" };
        Assert.True(MajorityLabel.Of(new("f", [family.Answer("#2.8$")]), fraction, 1).Correct);
        Assert.Null(family.Answer("none"));
    }

    [Theory]
    [InlineData("A0=7=7;#87$", "87")]
    [InlineData("#8$", null)]
    [InlineData("#87", null)]
    [InlineData("", null)]
    public void A_two_dials_answer_is_read_from_the_answer_line(string completion, string? answer) => Assert.Equal(answer, new TwoDials().Answer(completion));
}
