using System.Globalization;
using System.Numerics;
using Curriculum.Arithmetic;
using Curriculum.Verifiers.Algebra;

namespace Curriculum.Verifiers;

internal sealed partial class MathParser
{
    // Whether the last primary was a function of an argument without brackets: \ln 2x says nothing about x.
    private bool _unbraced;

    private const int MostFactors = 10;

    private Quotient Argument() => Finite(Primary());

    private Quotient Radical()
    {
        var index = 2;
        if (Peek.Is("["))
        {
            if (_at + 2 >= tokens.Count || tokens[_at + 1].Kind != MathTokenKind.Number || !tokens[_at + 2].Is("]") || !int.TryParse(tokens[_at + 1].Text, out index))
                throw new UnreadableException("A root whose index is no number.");
            _at += 3;
        }

        // \sqrt12 is the root of 1, times 2, to LaTeX, and the root of 12 to people.
        if (Peek is { Kind: MathTokenKind.Number, Text.Length: > 1 })
            throw new UnreadableException("A root of several digits without braces.");
        var bracketed = Peek.Is("(") || Peek.Is("{");
        var argument = Argument();
        _unbraced = !bracketed;
        return Quotient.Radical(argument, index, work);
    }

    private Quotient Binomial(Quotient from, Quotient chosen)
    {
        // n over 2 is n(n - 1)/2, whatever n is.
        if (from.Constant is null && chosen.Constant is { IsInteger: true } few && few >= 0 && few <= MostFactors)
        {
            var product = Quotient.Of(1);
            for (var i = 0; i < (int)few.Numerator; i++)
                product = Quotient.Divide(Quotient.Multiply(product, Quotient.Add(from, Quotient.Of(i), -1, work), work), Quotient.Of(i + 1), work);
            return product;
        }

        if (from.Constant is not { IsInteger: true } n || chosen.Constant is not { IsInteger: true } k || n < 0 || k < 0)
            return Quotient.Function("binom", work, from, chosen);
        if (n > 1_000)
            throw new OutOfWorkException();
        if (k > n)
            return Quotient.Of(0);
        var result = BigInteger.One;
        for (var i = 1; i <= (int)k.Numerator; i++)
        {
            work.Spend(8);
            result = result * ((int)n.Numerator - i + 1) / i;
        }

        return Quotient.Of(new Rational(result, 1));
    }

    private Quotient Function(string name)
    {
        Quotient? @base = null;
        if (Peek.Is("_") && name == "log")
        {
            _at++;
            @base = Finite(Primary());
        }
        else if (Peek.Is("_"))
        {
            name = $"{name}_{Subscript()}";
        }

        var power = PowerBefore(ref name);
        var bracketed = Peek.Is("(") || Peek.Is("{");
        var outside = _notation;
        _notation = null;
        var argument = bracketed || name is not ("sin" or "cos" or "tan" or "cot" or "sec" or "csc") ? Argument() : Angle();
        _unbraced = !bracketed;
        // The sine of 30 degrees is not that of 30, and no number of degrees itself.
        var degrees = _notation == Scalar.Degrees;
        _notation = outside;
        var value = @base is null ? Elementary.Of(name, degrees, argument, work)
            : Elementary.Logarithm(@base, argument, work) ?? Quotient.Function("log_", work, @base, argument);
        return power == 1 ? value : Quotient.Power(value, Quotient.Of(power), work);
    }

    // \sin^2 x is the square of the sine, \sin^{-1} x the arc.
    private int PowerBefore(ref string name)
    {
        if (!Peek.Is("^"))
            return 1;
        var at = _at + 1;
        var braces = at < tokens.Count && tokens[at].Is("{") ? 1 : 0;
        var negative = at + braces < tokens.Count && tokens[at + braces].Is("-") ? 1 : 0;
        var number = at + braces + negative;
        if (number >= tokens.Count || tokens[number].Kind != MathTokenKind.Number || !int.TryParse(tokens[number].Text, NumberStyles.None, CultureInfo.InvariantCulture, out var power)
            || power is 0 or > 99 || (braces == 1 && !(number + 1 < tokens.Count && tokens[number + 1].Is("}"))) || (negative == 1 && !(power == 1 && name is "sin" or "cos" or "tan")))
        {
            throw new UnreadableException($"A power of {name} before its argument that is no whole number.");
        }

        _at = number + 1 + braces;
        if (negative == 1)
            name = $"arc{name}";
        return power;
    }

    // \sin 2\pi x: a number, pi and one name are its argument where no brackets say so.
    private Quotient Angle()
    {
        var angle = Argument();
        for (var before = tokens[_at - 1]; Peek.Kind == MathTokenKind.Letter && (before.Kind == MathTokenKind.Number || before is { Kind: MathTokenKind.Letter, Text: "pi" }); before = tokens[_at - 1])
            angle = Quotient.Multiply(angle, Argument(), work);
        return angle;
    }

    // A sum over something, by the letter that it is over.
    private Quotient Series(string name)
    {
        if (!(Peek.Is("_") && _at + 3 < tokens.Count && tokens[_at + 1].Is("{") && tokens[_at + 2].Kind == MathTokenKind.Letter && tokens[_at + 3].Is("=")))
            throw new UnreadableException($"A {name} that does not say from where.");
        var over = tokens[_at + 2].Text;
        _at += 4;
        var from = Bare(Sum());
        if (!(Peek.Is("}") && _at + 1 < tokens.Count && tokens[_at + 1].Is("^")))
            throw new UnreadableException($"A {name} that does not say how far.");
        _at += 2;
        var to = Bare(Primary());
        var body = Finite(Product());
        return Peek.Is("+") || Peek.Is("-") || Peek.Is("±") ? throw new UnreadableException($"A {name} with something after it: it could belong to it or not.")
            : Quotient.Function($"{name} {over}", work, from, to, body);
    }
}
