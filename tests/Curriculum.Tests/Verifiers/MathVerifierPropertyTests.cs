using System.Globalization;
using System.Numerics;
using CsCheck;
using Curriculum.Arithmetic;
using Curriculum.Verifiers;

namespace Curriculum.Tests.Verifiers;

[Trait("Speed", "fast")]
public sealed class MathVerifierPropertyTests
{
    private static readonly string[] Pieces =
    [
        "0", "1", "2", "7", "12", "000", "1,234", ".", ".5", ",", "+", "-", "*", "/", "^", "_", "!", "%", "=", "<", ">", "|", "(", ")", "[", "]", "{", "}", "\\{", "\\}", "\\", " ", "$", "x",
        "y", "i", "e",
        "\\frac", "\\sqrt", "\\pi", "\\approx", "\\mid", "\\langle", "\\rangle", "\\lfloor", "\\rfloor", "\\over", "\\sum_{", "\\begin{array}{r}", "\\end{array}", "&", "\\\\", "'", "€", ":",
        "feet", "or", "\\pm", "\\infty", "\\cup", "\\text{", "cm", "dollars", "and", "\\boxed{", "####", "\\overline{", "\\binom", "\\left", "\\right", "\\sin", "\\log_", "±", "√", "½",
        "²", "π", "\n", "\ud800", "\u0003", "9999999999",
    ];

    private static readonly Gen<string> Tangle = Gen.Int[0, Pieces.Length - 1].Select(i => Pieces[i]).Array[0, 24].Select(string.Concat);

    [Fact]
    public void Any_text_gets_a_verdict_and_what_is_written_alike_is_equal() => Gen.Select(Gen.OneOf(Tangle, Gen.String), Gen.OneOf(Tangle, Gen.String)).Sample(
        (one, other) =>
        {
            var verdict = MathVerifier.Verify(one, other);
            Assert.True(Enum.IsDefined(verdict.Outcome) && verdict.Reason.Length > 0);
            Assert.Equal(verdict, MathVerifier.Verify(one, other));
            if (MathVerifier.Fault(one) is null && one.Any(character => !char.IsWhiteSpace(character) && character is not ('$' or '\\' or '!' or ',')))
                Assert.True(MathVerifier.Compare(one, one).Accepted || one.Trim('$', ' ', '\n', '\\').Length == 0, one);
        }, iter: 4_000);

    [Theory]
    [InlineData("$$")]
    [InlineData("\\:")]
    public void What_has_no_content_is_no_reference(string reference) => Assert.NotNull(MathVerifier.Fault(reference));

    // Names of functions hold what they are of: each level can multiply the one below.
    [Fact]
    public Task Nested_functions_and_powers_end_soon_with_a_verdict() => Gen.Select(Gen.Int[0, 16].Array[1, 30], Gen.Int[2, 40]).SampleAsync(
        async (shape, power) =>
        {
            var text = shape.Aggregate("a+b+c", (inner, kind) => inner.Length > 450 ? inner : kind switch
            {
                0 => $"\\sin({inner})+b+c",
                1 => $"f({inner})-a",
                2 => $"|{inner}|+c",
                3 => $"\\sqrt{{{inner}}}+a",
                4 => $"({inner})^{{1/3}}+b",
                5 => $"({inner})^{{{inner}}}",
                6 => $"\\frac{{{inner}}}{{a+b+1}}+\\frac{{1}}{{c+2}}",
                7 => $"({inner})!+9^{{2000}}",
                8 => $"\\binom{{{inner}}}{{2}}+(2/3)^{{900}}",
                9 => $"({inner})({inner})",
                10 => $"\\tan({inner})+\\sec^2({inner})",
                11 => $"2^{{{inner}}}+c",
                12 => $"\\ln({inner})+\\lfloor {inner} \\rfloor",
                13 => $"\\sin^9({inner})-i",
                14 => $"\\binom{{{inner}}}{{9}}",
                _ => $"({inner})^{{{power}}}",
            });
            var verdict = Task.Run(() => MathVerifier.Compare(text, "\\sin(a)"));
            Assert.NotEqual(MathOutcome.Equal, (await verdict.WaitAsync(TimeSpan.FromSeconds(20))).Outcome);
        }, iter: 1_000);

    [Fact]
    public void A_rational_is_accepted_in_every_notation_and_its_neighbours_in_none() => Gen.Select(Gen.Int[-9_999, 9_999], Gen.Int[1, 400], Gen.Int[1, 50]).Sample((top, bottom, by) =>
    {
        var value = new Rational(top, bottom);
        var sign = top < 0 ? "-" : "";
        var (whole, rest) = (BigInteger.Abs(value.Numerator) / value.Denominator, BigInteger.Abs(value.Numerator) % value.Denominator);
        string[] written =
        [
            $"{top}/{bottom}", $"\\frac{{{top * by}}}{{{bottom * by}}}", $"{value}", $"{sign}\\dfrac{{{Math.Abs(top)}}}{{{bottom}}}", $"({top})\\div {bottom}",
            rest.IsZero ? $"{value}" : whole.IsZero ? $"{sign}{rest}/{value.Denominator}" : $"{sign}{whole}\\frac{{{rest}}}{{{value.Denominator}}}",
            $"{value * 100}\\%",
            $"x = {value}",
        ];
        foreach (var one in written)
        {
            Assert.True(MathVerifier.Compare(one, written[0]).Accepted, $"{one} for {written[0]}: {MathVerifier.Compare(one, written[0]).Reason}");
            Assert.False(MathVerifier.Compare(one, $"{new Rational((top * by) + 1, bottom * by)}").Accepted, $"{one} for a neighbour of {written[0]}");
        }

        var rounded = value.ToDouble().ToString("F12", CultureInfo.InvariantCulture);
        Assert.Equal(Rational.TryParse(rounded, out var read) && read == value, MathVerifier.Compare(rounded, $"{value}").Accepted);
    }, iter: 400);

    // The independent source is floating point: what is accepted must agree with it, and what is a rewriting must be accepted.
    [Fact]
    public void What_is_accepted_has_the_same_value_and_rewritten_expressions_are_accepted() => Gen.Select(Expression(3), Expression(3)).Sample((one, other) =>
    {
        if (!double.IsFinite(one.Value) || !double.IsFinite(other.Value) || Math.Abs(one.Value) > 1e12 || Math.Abs(other.Value) > 1e12)
            return;
        var verdict = MathVerifier.Compare(one.Text, other.Text);
        if (verdict.Accepted)
            Assert.True(Math.Abs(one.Value - other.Value) <= 1e-6 * Math.Max(1, Math.Abs(one.Value)), $"{one.Text} and {other.Text}");
        foreach (var (left, right) in ((string, string)[])
        [
            ($"({one.Text})+({other.Text})", $"({other.Text})+({one.Text})"),
            ($"({one.Text})^2-({other.Text})^2", $"(({one.Text})-({other.Text}))(({one.Text})+({other.Text}))"),
            ($"3({one.Text})", $"({one.Text})+\\frac{{4\\left({one.Text}\\right)}}{{2}}"),
        ])
        {
            var rewritten = MathVerifier.Compare(left, right);
            Assert.True(rewritten.Outcome is MathOutcome.Equal or MathOutcome.OutOfWork, $"{left} for {right}: {rewritten.Outcome} {rewritten.Reason}");
        }

        Assert.False(MathVerifier.Compare($"({one.Text})+1", one.Text).Accepted);
    }, iter: 400);

    private static Gen<(string Text, double Value)> Expression(int depth)
    {
        var leaf = Gen.Select(Gen.Int[0, 3], Gen.Int[1, 40]).Select((kind, n) => kind switch
        {
            0 => ($"{n}", n),
            1 => ($"\\sqrt{{{n}}}", Math.Sqrt(n)),
            2 => ("\\pi", Math.PI),
            _ => ($"\\sqrt[3]{{{n}}}", Math.Cbrt(n)),
        });
        if (depth == 0)
            return leaf;
        var inner = Expression(depth - 1);
        return Gen.OneOf(leaf, Gen.Select(Gen.Int[0, 3], inner, inner).Select((kind, a, b) => kind switch
        {
            0 => ($"({a.Text}+{b.Text})", a.Value + b.Value),
            1 => ($"({a.Text}-{b.Text})", a.Value - b.Value),
            2 => ($"({a.Text})\\cdot({b.Text})", a.Value * b.Value),
            _ => ($"\\frac{{{a.Text}}}{{{b.Text}+\\pi^2}}", a.Value / (b.Value + (Math.PI * Math.PI))),
        }));
    }
}
