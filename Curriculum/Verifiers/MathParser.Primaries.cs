using System.Globalization;
using System.Numerics;
using Curriculum.Problems;
using Curriculum.Verifiers.Algebra;

namespace Curriculum.Verifiers;

internal sealed partial class MathParser
{
    private MathValue Primary()
    {
        var isFunction = Peek.Kind == MathTokenKind.Command && MathSymbols.Functions.Contains(Peek.Text);
        var value = Read();
        if (!isFunction)
            _unbraced = false;
        return value;
    }

    private MathValue Read()
    {
        work.Spend(1);
        var token = Peek;
        _at++;
        switch (token.Kind)
        {
            case MathTokenKind.Number:
                return new Scalar(Mixed(token.Text));
            case MathTokenKind.Letter:
                return new Scalar(Name(token.Text));
            case MathTokenKind.Command:
                return new Scalar(Command(token.Text));
            case MathTokenKind.Sign when token.Text is "(" or "[" or "⟨":
                return Bracketed(token.Text[0]);
            case MathTokenKind.Sign when token.Text is "⌊" or "⌈":
                return new Scalar(Whole(token.Text == "⌊"));
            case MathTokenKind.Sign when token.Text is "{" or "\\{":
                return Braced(token.Text);
            case MathTokenKind.Sign when token.Text == MathLexer.BeginMatrix:
                return Matrix();
            case MathTokenKind.Sign when token.Text == "|":
                return new Scalar(Absolute());
            default:
                throw new UnreadableException(token.Kind == MathTokenKind.End ? "Something is missing at the end." : $"'{token.Text}' does not belong there.");
        }
    }

    private MathValue Bracketed(char open)
    {
        if (++_depth > MaxDepth)
            throw new UnreadableException($"Nested deeper than {MaxDepth}.");
        var items = Items();
        _depth--;
        var close = Peek is { Kind: MathTokenKind.Sign, Text: ")" or "]" or "⟩" } end && (open == '⟨') == end.Is("⟩") ? end.Text[0] : throw new UnreadableException($"The bracket {open} is not closed.");
        _at++;
        if (items is [var matrix] && IsMatrix(matrix) && (open == '(') == (close == ')'))
            return matrix;
        return open == '(' && close == ')' && items is [Scalar only] && (only.Unit is null || only.IsNotation) ? only : new Sequence(open, items, close);
    }

    private MathValue Braced(string open)
    {
        if (++_depth > MaxDepth)
            throw new UnreadableException($"Nested deeper than {MaxDepth}.");
        var isBuilder = open == "\\{" && IsBuilder();
        var items = isBuilder ? [Condition()] : Items(spread: open == "\\{");
        _depth--;
        if (open == "{" && items.Count == 1 && (Peek.Is(MathLexer.Over) || Peek.Is(MathLexer.Choose)))
        {
            var over = tokens[_at++].Text == MathLexer.Over;
            var (top, bottom) = (Finite(items[0]), Finite(Sum()));
            items = [new Scalar(over ? Quotient.Divide(top, bottom, work) : Binomial(top, bottom))];
        }

        if (!Peek.Is(open == "{" ? "}" : "\\}"))
            throw new UnreadableException($"The bracket {open} is not closed.");
        _at++;
        return isBuilder || (open == "{" && items.Count == 1) ? items[0] : new Several(SeveralKind.Set, items);
    }

    // {x | x > 0}, {x ∈ ℝ | x > 0}: the set is its condition.
    private bool IsBuilder()
    {
        var bar = Peek.Kind != MathTokenKind.Letter || _at + 3 >= tokens.Count ? -1 : tokens[_at + 1].Is("∈") && tokens[_at + 2].Text == MathValue.Reals ? _at + 3 : _at + 1;
        if (bar < 0 || !(tokens[bar].Is("∣") || tokens[bar].Is("|") || tokens[bar].Is(":")))
            return false;
        _at = bar + 1;
        return true;
    }

    private MathValue Condition()
    {
        string[] outside = [.. _joints];
        _joints.Clear();
        var conditions = Items();
        var joined = Joined(conditions);
        _joints.Clear();
        _joints.UnionWith(outside);
        return conditions.Count == 1 ? conditions[0] : new Several(joined == SeveralKind.List ? SeveralKind.All : joined, conditions);
    }

    private Quotient Absolute()
    {
        if (++_depth > MaxDepth)
            throw new UnreadableException($"Nested deeper than {MaxDepth}.");
        var inside = Finite(Sum());
        _depth--;
        if (!Peek.Is("|"))
            throw new UnreadableException("The bar | is not closed.");
        _at++;
        // |1 - x| is |x - 1|.
        return inside.Constant is { } number ? Quotient.Of(number.Abs()) : Quotient.Function("abs", work, inside.IsNegated ? Quotient.Multiply(Quotient.Of(-1), inside, work) : inside);
    }

    private Quotient Whole(bool down)
    {
        if (++_depth > MaxDepth)
            throw new UnreadableException($"Nested deeper than {MaxDepth}.");
        var inside = Finite(Sum());
        _depth--;
        if (!Peek.Is(down ? "⌋" : "⌉"))
            throw new UnreadableException("The bracket of a floor or a ceiling is not closed.");
        _at++;
        return inside.Constant is not { } number ? Quotient.Function(down ? "floor" : "ceil", work, inside)
            : Quotient.Of(down ? new Rational(number.Floor(), 1) : -new Rational((-number).Floor(), 1));
    }

    private Quotient Name(string letter)
    {
        if (Peek.Is("_"))
            letter = $"{letter}_{Subscript()}";
        var primes = Primes();
        if (primes > 0)
            letter += new string('\'', primes);
        // f^{-1}(x) is the inverse's value.
        if (letter is "f" or "g" or "h" && _at + 5 < tokens.Count && Peek.Is("^") && tokens[_at + 1].Is("{") && tokens[_at + 2].Is("-") && tokens[_at + 3].Text == "1" && tokens[_at + 4].Is("}") && tokens[_at + 5].Is("("))
        {
            _at += 6;
            return Bracketed('(') is Scalar inverse ? Quotient.Function($"{letter}⁻", work, Bare(inverse)) : throw new UnreadableException("A function of something other than numbers.");
        }

        // P(0) is no multiple of P.
        if (Peek is { Spaced: false } && Peek.Is("(") && (letter[0] is 'f' or 'g' or 'h' || primes > 0 || char.IsAsciiLetterUpper(letter[0])) && (letter.Length == 1 || primes > 0))
        {
            _at++;
            return Bracketed('(') switch
            {
                Scalar argument => Quotient.Function(letter, work, Bare(argument)),
                Sequence { Open: '(', Close: ')' } several => Quotient.Function(letter, work, [.. several.Items.Select(Bare)]),
                _ => throw new UnreadableException("A function of something other than numbers."),
            };
        }

        return Quotient.Atom(letter);
    }

    // f', f'', f^{\prime}
    private int Primes()
    {
        var (primes, braces, at) = (0, 0, _at);
        if (Peek.Is("^"))
        {
            at++;
            braces = at < tokens.Count && tokens[at].Is("{") ? 1 : 0;
            at += braces;
        }

        for (; at < tokens.Count && tokens[at].Is("'"); at++)
            primes++;
        if (primes == 0 || (braces == 1 && !(at < tokens.Count && tokens[at].Is("}"))))
            return 0;
        _at = at + braces;
        return primes;
    }

    private string Subscript()
    {
        _at++;
        var token = Peek;
        _at++;
        if (token.Kind is MathTokenKind.Number or MathTokenKind.Letter or MathTokenKind.Words)
            return token.Text;
        if (!token.Is("{"))
            throw new UnreadableException("A subscript that is neither a number nor a letter.");
        var written = "";
        for (; Peek.Kind is MathTokenKind.Number or MathTokenKind.Letter or MathTokenKind.Words || Peek.Is("+") || Peek.Is("-"); _at++)
            written += Peek.Text;
        if (written.Length == 0 || !Peek.Is("}"))
            throw new UnreadableException("A subscript that is neither a number nor a letter.");
        _at++;
        return written;
    }

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

    private Quotient Command(string name)
    {
        switch (name)
        {
            case "infty":
                return Quotient.Atom("infty");
            case "frac":
                var top = Argument();
                return Quotient.Divide(top, Argument(), work);
            case "binom":
                var from = Argument();
                return Binomial(from, Argument());
            case "sqrt":
                return Radical();
            case "sum" or "prod":
                return Series(name);
            case "overline":
                throw new UnreadableException("A line above something that is no repeating decimal.");
            default:
                return Function(name);
        }
    }
}
