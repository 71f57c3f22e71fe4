using System.Text;
using Curriculum.Arithmetic;

namespace Curriculum.Verifiers.Algebra;

/// <summary>The name of an atom that stands for a function of expressions: the function's, with all that it is of.</summary>
/// <remarks>Names hold names: without a longest one, and without a price on characters, a few nested functions would write gigabytes.</remarks>
internal sealed class AtomName(WorkBound work)
{
    /// <summary>Longest name, in characters.</summary>
    public const int MaxLength = 2_000;

    private readonly StringBuilder _written = new();

    /// <exception cref="OutOfWorkException">The name would be too long.</exception>
    public static string Of(string function, WorkBound work, params ReadOnlySpan<Quotient> arguments)
    {
        var name = new AtomName(work);
        name.Write(function);
        name.Write("(");
        for (var i = 0; i < arguments.Length; i++)
        {
            name.Write(i == 0 ? "(" : ";(");
            name.Write(arguments[i].Numerator);
            name.Write(")/(");
            name.Write(arguments[i].Denominator);
            name.Write(")");
        }

        name.Write(")");
        return name._written.ToString();
    }

    private void Write(Polynomial sum)
    {
        if (sum.IsZero)
            Write("0");
        var first = true;
        foreach (var (monomial, coefficient) in sum.Terms)
        {
            if (!first)
                Write("+");
            first = false;
            Write(coefficient);
            Write("*");
            Write(monomial.Key);
        }
    }

    private void Write(Rational number)
    {
        // Known to be too long before the digits are reckoned, which takes the square of their count.
        Allow((number.Numerator.GetBitLength() + number.Denominator.GetBitLength()) / 4);
        Write(number.ToString());
    }

    private void Write(string text)
    {
        Allow(text.Length);
        _written.Append(text);
        work.SpendLength(text.Length);
    }

    private void Allow(long more)
    {
        if (_written.Length + more > MaxLength)
            throw new OutOfWorkException();
    }
}
