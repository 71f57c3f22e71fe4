using CsCheck;
using Curriculum.Arithmetic;

namespace Curriculum.Tests.Arithmetic;

[Trait("Speed", "fast")]
public sealed class ExactArithmeticTests
{
    [Theory]
    [InlineData("1+2*3", "7")]
    [InlineData("(1+2)*3", "9")]
    [InlineData("8-3-2", "3")]
    [InlineData("8/4/2", "1")]
    [InlineData("-2^2", "-4")]
    [InlineData("2*-3", "-6")]
    [InlineData("0.1+0.2", "3/10")]
    [InlineData("50%*80", "40")]
    [InlineData("$1,000 x .05", "50")]
    [InlineData("7 ÷ 2 × 3", "21/2")]
    [InlineData("((3+4)*2)/5", "14/5")]
    [InlineData("(3/4)^3", "27/64")]
    public void Expressions_are_evaluated_exactly(string text, string expected)
    {
        Assert.True(ExactArithmetic.TryEvaluate(text, out var value));
        Assert.Equal(expected, value.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("1+")]
    [InlineData("(1")]
    [InlineData("1)")]
    [InlineData("1/0")]
    [InlineData("1/(2-2)")]
    [InlineData("2 3")]
    [InlineData("a+1")]
    [InlineData("2^0.5")]
    [InlineData("(((9^99)^99)^99)^99")]
    public void What_is_no_arithmetic_is_not_read(string text) => Assert.False(ExactArithmetic.TryEvaluate(text, out _));

    [Fact]
    public void No_text_makes_it_throw()
    {
        Assert.False(ExactArithmetic.TryEvaluate(new string('(', 2000), out _));
        Assert.False(ExactArithmetic.TryEvaluate(new string('1', 3000), out _));
        Gen.OneOf(Gen.String, Gen.String[Gen.Char["0123456789+-*/()^%$,. x"], 0, 60]).Sample(text => ExactArithmetic.TryEvaluate(text, out _) || true);
    }

    [Fact]
    public void Integer_sums_and_products_agree_with_the_machine() => Gen.Select(Gen.Int[-999, 999], Gen.Int[-999, 999], Gen.Int[-999, 999]).Sample((a, b, c) =>
        ExactArithmetic.TryEvaluate(FormattableString.Invariant($"{a}+({b})*{c}-{a}*{a}"), out var value) && value == a + (b * c) - (a * a));
}
