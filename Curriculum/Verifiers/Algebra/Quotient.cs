using System.Numerics;
using Curriculum.Problems;

namespace Curriculum.Verifiers.Algebra;

/// <summary>An exact expression: a polynomial over a polynomial that is not zero. Equal exactly when the cross products are.</summary>
/// <remarks>No number is ever rounded. What has no canonical form here (a root of a sum, a sine) is an atom of its own: equal to itself alone.</remarks>
internal sealed class Quotient
{
    private const int MaxRoot = 60;

    private Quotient(Polynomial numerator, Polynomial denominator) => (Numerator, Denominator) = (numerator, denominator);

    public Polynomial Numerator { get; }

    public Polynomial Denominator { get; }

    /// <summary>The value where it is a rational number.</summary>
    public Rational? Constant => Numerator.Constant is { } top && Denominator.Constant is { } bottom ? top / bottom : null;

    public static Quotient Of(Rational value) => new(Polynomial.Of(value), Polynomial.Of(1));

    public static Quotient Atom(string name) => new(Polynomial.Of(Monomial.Of(name), 1), Polynomial.Of(1));

    /// <summary>What a function of some arguments is where it has no canonical form: an atom, named by all of it.</summary>
    /// <exception cref="OutOfWorkException">The name would be too long.</exception>
    public static Quotient Function(string name, WorkBound work, params ReadOnlySpan<Quotient> arguments) => Atom(AtomName.Of(name, work, arguments));

    public static Quotient Add(Quotient a, Quotient b, int sign, WorkBound work)
    {
        if (a.Denominator.SameAs(b.Denominator, work))
            return Simplified(Polynomial.Add(a.Numerator, b.Numerator, sign, work), a.Denominator, work);
        return Simplified(
            Polynomial.Add(Polynomial.Multiply(a.Numerator, b.Denominator, work), Polynomial.Multiply(b.Numerator, a.Denominator, work), sign, work),
            Polynomial.Multiply(a.Denominator, b.Denominator, work), work);
    }

    public static Quotient Multiply(Quotient a, Quotient b, WorkBound work) => Simplified(
        Polynomial.Multiply(a.Numerator, b.Numerator, work), Polynomial.Multiply(a.Denominator, b.Denominator, work), work);

    /// <exception cref="UnreadableException">The divisor is zero.</exception>
    public static Quotient Divide(Quotient a, Quotient b, WorkBound work) => b.Numerator.IsZero
        ? throw new UnreadableException("A division by zero.")
        : Simplified(Polynomial.Multiply(a.Numerator, b.Denominator, work), Polynomial.Multiply(a.Denominator, b.Numerator, work), work);

    public static Quotient Power(Quotient value, Quotient exponent, WorkBound work)
    {
        if (exponent.Constant is not { } power)
            return Function("pow", work, value, exponent);
        if (!power.IsInteger)
            return power.Denominator <= MaxRoot ? Root(value, power, work) : Function("pow", work, value, exponent);
        if (value.Constant is { } number)
            return Of(Numbers.Power(number, power.Numerator, work));
        if (BigInteger.Abs(power.Numerator) > 1_000)
            throw new OutOfWorkException();
        var times = (int)BigInteger.Abs(power.Numerator);
        var result = Of(1);
        for (var square = value; times > 0; times >>= 1)
        {
            if ((times & 1) == 1)
                result = Multiply(result, square, work);
            if (times > 1)
                square = Multiply(square, square, work);
        }

        return power.Numerator.Sign < 0 ? Divide(Of(1), result, work) : result;
    }

    /// <summary>The principal root of an index, real for an odd index of a negative number, as the radical sign has it.</summary>
    public static Quotient Radical(Quotient value, int index, WorkBound work)
    {
        if (index is < 2 or > MaxRoot)
            throw new UnreadableException($"A root of index {index}.");
        if (value.Constant is { } number && number < 0)
        {
            var positive = Root(Of(-number), new(1, index), work);
            if (index % 2 == 1)
                return Multiply(Of(-1), positive, work);
            if (index == 2)
                return Multiply(Atom("i"), positive, work);
        }

        return Root(value, new(1, index), work);
    }

    public bool SameAs(Quotient other, WorkBound work) =>
        Polynomial.Multiply(Numerator, other.Denominator, work).SameAs(Polynomial.Multiply(other.Numerator, Denominator, work), work);

    // A positive rational, roots, pi, and variables that stand there to a power of 1/n have a canonical power; a root of a square does not: it is |x|.
    private static Quotient Root(Quotient value, Rational power, WorkBound work)
    {
        if (value.Numerator.IsZero)
            return power > 0 ? Of(0) : throw new UnreadableException("Zero to a power that is not above zero.");
        if (value.Numerator.Terms.Count != 1 || value.Denominator.Constant is not { } bottom)
            return Function("pow", work, value, Of(power));
        var (monomial, top) = value.Numerator.Terms.First();
        var coefficient = top / bottom;
        if (coefficient < 0 || monomial.Powers.Any(part => part.Atom[0] != '#' && part.Atom != "pi" && part.Power.Numerator != 1))
            return Function("pow", work, value, Of(power));
        if (Numbers.Factors(coefficient.Numerator, work) is not { } above || Numbers.Factors(coefficient.Denominator, work) is not { } below)
            return Function("pow", work, value, Of(power));
        var powers = above.Select(factor => (Monomial.Prime(factor.Prime), power * factor.Power))
            .Concat(below.Select(factor => (Monomial.Prime(factor.Prime), power * -factor.Power)))
            .Concat(monomial.Powers.Select(part => (part.Atom, part.Power * power)));
        var (product, factor) = Monomial.Multiply(powers, work);
        return new(Polynomial.Of(product, factor), Polynomial.Of(1));
    }

    // A denominator of one term goes into the numerator, so that most expressions have a denominator of 1.
    private static Quotient Simplified(Polynomial numerator, Polynomial denominator, WorkBound work)
    {
        if (denominator.Terms.Count != 1 || (denominator.Constant is { } one && one == 1))
            return new(numerator, denominator);
        var (monomial, coefficient) = denominator.Terms.First();
        var (inverse, factor) = Monomial.Multiply(monomial.Powers.Select(part => (part.Atom, -part.Power)), work);
        return new(Polynomial.Multiply(numerator, Polynomial.Of(inverse, factor / coefficient), work), Polynomial.Of(1));
    }
}
