using System.Numerics;
using Curriculum.Arithmetic;
using Curriculum.Verifiers.Algebra;

namespace Curriculum.Verifiers;

internal sealed partial class MathParser
{
    private MathValue Sum()
    {
        if (++_depth > MaxDepth)
            throw new UnreadableException($"Nested deeper than {MaxDepth}.");
        var value = Signed();
        while (Peek is { Kind: MathTokenKind.Sign, Text: "+" or "-" or "±" } sign)
        {
            _at++;
            var direction = Direction(sign.Text);
            value = Added(value, Product(), direction);
        }

        _depth--;
        return value;
    }

    private int Direction(string sign)
    {
        if (sign == "±" && _branchSign > 0)
            _branches++;
        return sign == "-" || (sign == "±" && _branchSign < 0) ? -1 : 1;
    }

    private MathValue Signed()
    {
        Currency();
        if (Peek is not { Kind: MathTokenKind.Sign, Text: "+" or "-" or "±" } sign)
            return Product();
        _at++;
        var direction = Direction(sign.Text);
        var value = Product();
        return IsMatrix(value) ? Scaled(Quotient.Of(direction), Entries(value)) : new Scalar(Quotient.Multiply(Quotient.Of(direction), Bare(value), work));
    }

    private MathValue Product()
    {
        var (value, below) = (Power(), false);
        while (true)
        {
            var next = Peek;
            if (next.Is("*") || next.Is("/"))
            {
                _at++;
                var negative = Peek.Is("-");
                if (negative)
                    _at++;
                var factor = Power();
                if (negative)
                    factor = Multiplied(new Scalar(Quotient.Of(-1)), factor);
                value = next.Is("/") ? new Scalar(Quotient.Divide(Finite(value), Finite(factor), work)) : Multiplied(value, factor);
                below = next.Is("/");
            }
            else if (next.Kind is MathTokenKind.Letter or MathTokenKind.Command || next.Is("(") || next.Is("{") || next.Is("[") || next.Is(MathLexer.BeginMatrix))
            {
                if (next.Is("{") && _at + 1 < tokens.Count && tokens[_at + 1].Kind == MathTokenKind.Number)
                    throw new UnreadableException("A number in braces after a factor: a product, or digits set apart.");
                // \sin x \cos x can be read in one way, \sin x y in two.
                if (below || (_unbraced && !(next.Kind == MathTokenKind.Command && MathSymbols.Functions.Contains(next.Text) && next.Text != "sqrt")))
                    throw new UnreadableException("A factor without a sign after a slash or a function: it could belong to either side.");
                var factor = Power();
                value = Multiplied(value, factor is Sequence { Open: '[', Close: ']', Items: [Scalar grouped] } ? grouped : factor);
            }
            else
            {
                return next.Kind == MathTokenKind.Number ? throw new UnreadableException("Two numbers with no sign between them.") : value;
            }
        }
    }

    private MathValue Power()
    {
        _unbraced = false;
        Currency();
        var value = Primary();
        if (_unbraced && (Peek.Is("!") || Peek.Is("^") || IsDegree))
            throw new UnreadableException("A power or a degree sign after a function without brackets.");
        Currency();
        while (Peek.Is("!") || Peek.Is("^") || IsDegree)
        {
            if (IsDegree)
            {
                Note(Scalar.Degrees);
                _at++;
            }
            else if (Peek.Is("!"))
            {
                _at++;
                if (Peek.Is("!"))
                    throw new UnreadableException("A double factorial.");
                value = new Scalar(Factorial(Finite(value)));
            }
            else
            {
                _at++;
                if (Degree())
                    continue;
                value = new Scalar(Quotient.Power(Finite(value), Exponent(), work));
                if (Peek.Is("^"))
                    throw new UnreadableException("A power of a power without brackets.");
            }
        }

        Currency();
        return value;
    }

    // A ring on the line is a degree sign at the end alone: elsewhere it composes functions.
    private bool IsDegree => Peek.Is("°") || (Peek.Is("∘") && _at + 1 == tokens.Count);

    private void Currency()
    {
        for (; Peek.Kind == MathTokenKind.Sign && Scalar.IsCurrency(Peek.Text); _at++)
            Note(Peek.Text);
    }

    private bool Degree()
    {
        var braces = Peek.Is("{") ? 1 : 0;
        if (_at + braces >= tokens.Count || !(tokens[_at + braces].Is("°") || tokens[_at + braces].Is("∘")))
            return false;
        if (braces == 1 && !(_at + 2 < tokens.Count && tokens[_at + 2].Is("}")))
            throw new UnreadableException("A degree sign with something else above.");
        _at += braces == 1 ? 3 : 1;
        Note(Scalar.Degrees);
        return true;
    }

    private Quotient Exponent()
    {
        var negative = Peek.Is("-");
        if (negative)
            _at++;
        var value = Finite(Primary());
        return negative ? Quotient.Multiply(Quotient.Of(-1), value, work) : value;
    }

    private Quotient Factorial(Quotient value)
    {
        if (value.Constant is not { IsInteger: true } number || number < 0)
            return Quotient.Function("factorial", work, value);
        if (number > 1_000)
            throw new OutOfWorkException();
        var product = BigInteger.One;
        for (var factor = 2; factor <= (int)number.Numerator; factor++)
        {
            work.Spend(8);
            product *= factor;
        }

        WorkBound.Allow(product.GetBitLength());
        return Quotient.Of(new Rational(product, 1));
    }

    /// <summary>A value that can be reckoned with: infinity can only stand by itself.</summary>
    private Quotient Finite(MathValue value)
    {
        var expression = Bare(value);
        return expression.Numerator.Terms.Any(term => term.Monomial.Powers.Any(power => power.Atom == "infty"))
            ? throw new UnreadableException("Infinity inside an expression.")
            : expression;
    }
}
