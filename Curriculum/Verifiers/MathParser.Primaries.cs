using Curriculum.Arithmetic;
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
        var close = Peek is { Kind: MathTokenKind.Sign, Text: ")" or "]" or "⟩" } end && (open == '⟨') == end.Is("⟩") ? end.Text[0]
            : throw new UnreadableException($"The bracket {open} is not closed.");
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
