using CsCheck;
using Curriculum.Arithmetic;

namespace Curriculum.Tests.Arithmetic;

[Trait("Speed", "fast")]
public sealed class RationalTests
{
    private static readonly Gen<Rational> Any = Gen.Select(Gen.Int, Gen.Int.Where(d => d != 0)).Select((n, d) => new Rational(n, d));

    [Theory]
    [InlineData("14/5", "14/5")]
    [InlineData("28/10", "14/5")]
    [InlineData("2.8", "14/5")]
    [InlineData("-0.50", "-1/2")]
    [InlineData(".5", "1/2")]
    [InlineData("5.", "5")]
    [InlineData("+7", "7")]
    [InlineData("1,234,567", "1234567")]
    [InlineData("1,000.5", "2001/2")]
    [InlineData(" 3 / 4 ", "3/4")]
    [InlineData("-6/3", "-2")]
    public void Numbers_are_read_exactly(string text, string expected)
    {
        Assert.True(Rational.TryParse(text, out var value));
        Assert.Equal(expected, value.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData(".")]
    [InlineData("1/0")]
    [InlineData("1e5")]
    [InlineData("12,34")]
    [InlineData("1,2345")]
    [InlineData(",123")]
    [InlineData("1.2/3")]
    [InlineData("1/2/3")]
    [InlineData("--1")]
    [InlineData("٣")]
    [InlineData("1.-5")]
    [InlineData("1.2,3")]
    public void What_is_no_number_is_not_read(string text) => Assert.False(Rational.TryParse(text, out _));

    [Fact]
    public void Arithmetic_is_a_field_and_text_a_round_trip() => Gen.Select(Any, Any, Any).Sample((a, b, c) =>
        (a + b) * c == (a * c) + (b * c)
        && a - b == -(b - a)
        && (b.IsZero || a / b * b == a)
        && Rational.TryParse(a.ToString(), out var read) && read == a
        && a.Denominator >= 1);

    [Fact]
    public void A_double_is_as_near_as_a_double_can_be() => Any.Sample(a =>
        Math.Abs(a.ToDouble() - ((double)a.Numerator / (double)a.Denominator)) <= Math.Abs(a.ToDouble()) * 4.5e-16);

    [Fact]
    public void The_default_is_zero() => Assert.Equal(new Rational(0, 5), default);
}
