using CsCheck;
using Curriculum.Arithmetic;
using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Rewards;

namespace Curriculum.Tests.Problems;

[Trait("Speed", "fast")]
public sealed class RandomCalculationTests
{
    private static readonly RandomCalculation Family = new();

    private static readonly Problem ByHand = new()
    {
        Id = "p",
        Family = RandomCalculation.FamilyName,
        Question = "((3+4)*2)/5=",
        Answer = "14/5",
        Steps = ["3+4=7;", "7*2=14;", "14/5=14/5;", "#14/5$"],
        Difficulty = 3,
    };

    [Theory]
    [InlineData("3+4=7;7*2=14;14/5=14/5;#14/5$", true, true, true)]
    [InlineData("3+4=7;7*2=14;14/5=2.8;#2.8$", true, true, true)] // exact decimals and equivalent fractions are equal
    [InlineData("#28/10$", true, true, false)] // right without working
    [InlineData("14/5", true, true, false)]
    [InlineData("3+4=8;#14/5$", true, true, false)]
    [InlineData("what?;#14/5$", true, true, false)]
    [InlineData("#2.80001$", true, false, false)]
    [InlineData("#1$#14/5$", true, true, false)] // the last answer counts, and the first is no step
    [InlineData("#$", false, false, false)]
    [InlineData("", false, false, false)]
    [InlineData("#14/5$$", false, false, false)]
    public void An_answer_is_right_if_it_is_exactly_equal(string completion, bool wellFormed, bool correct, bool stepsValid) =>
        Assert.Equal(new(wellFormed, correct, stepsValid), Family.Verify(ByHand, completion));

    [Fact]
    public void The_verifier_never_throws_whatever_the_text() =>
        Gen.OneOf(Gen.String, Gen.String[Gen.Char["0123456789+-*/()^=;#$. "], 0, 60]).Sample(text =>
            Family.Verify(ByHand, text) is var v && (!v.Correct || v.WellFormed) && (!v.StepsValid || v.Correct));

    [Fact]
    public void Every_level_holds_a_thousand_distinct_problems_whose_text_evaluates_to_the_answer()
    {
        var problems = Family.Create(Set(20_000, 3, [.. Enumerable.Range(1, 20)]), null);
        Assert.Equal(20_000, problems.Select(p => p.Question).Distinct().Count());
        Assert.Equal(20_000, problems.Select(p => p.Id).Distinct().Count());
        foreach (var problem in problems.Where((_, index) => index / 20 % 10 == 0)) // every tenth of each level
        {
            Assert.True(ExactArithmetic.TryEvaluate(problem.Question.AsSpan(0, problem.Question.Length - 1), out var value), problem.Question);
            Assert.Equal(problem.Answer, value.ToString());
        }

        foreach (var problem in problems.Where((_, index) => index / 20 % 50 == 0))
            Assert.Equal(new(true, true, true), Family.Verify(problem, string.Concat(problem.Steps)));
    }

    [Fact]
    public void A_level_is_its_number_of_operations()
    {
        foreach (var problem in Family.Create(Set(60, 1, 1, 2, 6), null))
        {
            Assert.Equal(problem.Difficulty, problem.Steps.Count(s => !s.Contains('^', StringComparison.Ordinal)) - 1);
        }
    }

    [Fact]
    public void Problems_are_a_pure_function_of_the_seed_and_a_longer_set_begins_with_the_shorter()
    {
        var longer = Family.Create(Set(40, 5, 2, 4), null);
        Assert.Equal(longer.Take(10).Select(p => p.Question), Family.Create(Set(10, 5, 2, 4), null).Select(p => p.Question));
        Assert.NotEqual(longer.Select(p => p.Question), Family.Create(Set(40, 6, 2, 4), null).Select(p => p.Question));
        Assert.Equal("random-calculation/4/5/3", longer[7].Id);
    }

    [Theory]
    [InlineData("\\boxed{14/5}", true)]
    [InlineData("So it is \\boxed{\\frac{14}{5}}.", true)]
    [InlineData("\\boxed{2.8}", true)]
    [InlineData("\\boxed{14/4}", false)]
    [InlineData("\\boxed{((3+4)*2)/5}", false)] // the question is no answer
    public void A_box_is_read_where_there_is_no_mark(string completion, bool correct) => Assert.Equal(correct, Family.Verify(ByHand, completion).Correct);

    [Fact]
    public void The_prompt_says_how_the_answer_is_written() => Assert.Equal(
        $"{ByHand.Question}\n\nWrite each operation as an equation that ends in a semicolon, inner ones first, then # and the result as an integer or a fraction in lowest terms, "
            + $"and end with a dollar sign.\n\n{ByHand.Steps[0]}",
        Family.Prompt(ByHand, 1));

    [Fact]
    public void Every_kind_of_term_is_drawn()
    {
        var text = string.Concat(Family.Create(Set(200, 1, 1), null).Select(p => p.Question));
        Assert.Contains("^2", text, StringComparison.Ordinal);
        Assert.Contains("^3", text, StringComparison.Ordinal);
        Assert.Matches(@"\(\d+/\d+\)", text);
    }

    [Theory]
    [InlineData(0, 1, "count")]
    [InlineData(1001, 1, "count")]
    [InlineData(1, 0, "difficulty")]
    [InlineData(1, 21, "difficulty")]
    public void A_setting_that_cannot_be_met_is_named(int count, int level, string setting) =>
        Assert.Contains(setting, Assert.Throws<ArgumentException>(() => Family.Create(Set(count, 1, level), null)).Message, StringComparison.Ordinal);

    // By hand, against 14/5 = 2.8: 2.8 -> 1; 2.3 is off by 0.5 and 0.5/2.8 = 0.178571: 1 - 0.25 - 0.089286 = 0.660714;
    // 3.8 is off by 1 and 1/2.8 = 0.357143: 1 - 0.5 - 0.178571 = 0.321429; 100 is off by more than both: 0.
    [Theory]
    [InlineData("#2.8$", 1)]
    [InlineData("#2.3$", 0.660714)]
    [InlineData("#3.8$", 0.321429)]
    [InlineData("#100$", 0)]
    [InlineData("nothing", 0)]
    public void The_continuous_reward_falls_with_the_distance(string completion, double expected) =>
        Assert.Equal(expected, ContinuousReward.Of(ByHand, completion), 1e-6);

    [Fact]
    public void The_continuous_reward_near_zero_uses_the_small_constant()
    {
        // b = 0, |a - b| = 1e-6: 1 - 0.5e-6 - 0.5 * 1 = 0.4999995
        Assert.Equal(0.4999995, ContinuousReward.Of(new Rational(1, 1_000_000), 0), 1e-12);
    }

    private static ProblemSetPlan Set(int count, int seed, params int[] difficulty) =>
        new() { Family = RandomCalculation.FamilyName, Count = count, Seed = seed, Difficulty = difficulty };
}
