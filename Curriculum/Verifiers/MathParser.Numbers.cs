using Curriculum.Arithmetic;
using Curriculum.Verifiers.Algebra;

namespace Curriculum.Verifiers;

internal sealed partial class MathParser
{
    private Quotient Mixed(string text)
    {
        if (Peek.Is("_"))
            return Quotient.Atom($"base_{Subscript()}:{text}");
        if (Peek is { Kind: MathTokenKind.Command, Text: "overline" })
            return Repeating(text);
        var whole = Number(text);
        var (top, bottom, length) = FractionAhead();
        if (length == 0)
            return whole;
        if (text.Length == 0 || !text.All(char.IsAsciiDigit) || top.IsZero || top >= bottom)
            throw new UnreadableException("A number before a fraction that is no proper one: a product or a mixed number.");
        _at += length;
        return Quotient.Add(whole, Quotient.Of(top / bottom), 1, work);
    }

    // \frac{1}{2}, \frac12, or 1/2 after a space.
    private (Rational Top, Rational Bottom, int Tokens) FractionAhead()
    {
        if (Peek is { Kind: MathTokenKind.Command, Text: "frac" })
        {
            var at = _at + 1;
            if (IntegerArgument(ref at) is { } top && IntegerArgument(ref at) is { } bottom)
                return (top, bottom, at - _at);
            return default;
        }

        return Peek is { Kind: MathTokenKind.Number, Spaced: true } && _at + 2 < tokens.Count && tokens[_at + 1].Is("/") && tokens[_at + 2].Kind == MathTokenKind.Number
            && tokens[_at].Text.All(char.IsAsciiDigit) && tokens[_at + 2].Text.All(char.IsAsciiDigit)
            ? (Integer(tokens[_at].Text), Integer(tokens[_at + 2].Text), 3)
            : default;
    }

    private Rational? IntegerArgument(ref int at)
    {
        var braces = at < tokens.Count && tokens[at].Is("{");
        var digits = at + (braces ? 1 : 0);
        if (digits >= tokens.Count || tokens[digits].Kind != MathTokenKind.Number || !tokens[digits].Text.All(char.IsAsciiDigit))
            return null;
        if (braces && !(digits + 1 < tokens.Count && tokens[digits + 1].Is("}")))
            return null;
        at = digits + (braces ? 2 : 1);
        return Integer(tokens[digits].Text);
    }

    // 0.1\overline{6} = 0.1 + 6/90
    private Quotient Repeating(string text)
    {
        _at++;
        var at = _at;
        if (IntegerArgument(ref at) is not { } || !text.Contains('.', StringComparison.Ordinal) || text.Contains('e', StringComparison.Ordinal))
            throw new UnreadableException("A line above something that is no repeating decimal.");
        var digits = tokens[_at].Is("{") ? tokens[_at + 1].Text : tokens[_at].Text;
        _at = at;
        var places = text.Length - 1 - text.IndexOf('.', StringComparison.Ordinal);
        var repeated = Integer(digits) / ((Numbers.Power(10, digits.Length, work) - 1) * Numbers.Power(10, places, work));
        return Quotient.Of(Integer(text) + repeated);
    }
}
