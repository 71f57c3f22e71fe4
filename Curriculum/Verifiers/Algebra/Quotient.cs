using System.Numerics;
using Curriculum.Arithmetic;

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

    /// <summary>Whether its first term has a minus: of a value and its negation, one alone has.</summary>
    public bool IsNegated => Numerator.Terms.Count > 0 && Numerator.Terms.First().Coefficient < 0;

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
            return value.Numerator.IsZero || exponent.Denominator.Constant is not { } ? Function("pow", work, value, exponent) : Spread(value, exponent, work);
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

    public bool SameAs(Quotient other, WorkBound work)
    {
        var (one, two) = (Polynomial.Multiply(Numerator, other.Denominator, work), Polynomial.Multiply(other.Numerator, Denominator, work));
        return one.SameAs(two, work) || ((Identities.Concern(one) || Identities.Concern(two)) && Identities.IsZero(Polynomial.Add(one, two, -1, work), work)
            && !Identities.IsZero(Denominator, work) && !Identities.IsZero(other.Denominator, work));
    }

    // 2^(2n+1) is 2 times 2^n squared: a power for each term of the exponent, with the whole number that it has as a factor taken out.
    private static Quotient Spread(Quotient value, Quotient exponent, WorkBound work)
    {
        var result = Of(1);
        var bottom = exponent.Denominator.Constant!.Value;
        foreach (var (monomial, top) in exponent.Numerator.Terms)
        {
            var times = top / bottom;
            result = Multiply(result, monomial.Powers.Count == 0 ? Power(value, Of(times), work) : Raised(value, monomial, times, work), work);
        }

        return result;
    }

    private static Quotient Raised(Quotient value, Monomial monomial, Rational times, WorkBound work)
    {
        // e to ln 5 is 5.
        if (monomial.Powers is [var (function, once)] && once == 1 && function.StartsWith("ln(#", StringComparison.Ordinal) && value.IsAtom("e"))
            return Power(Of(new Rational(BigInteger.Parse(function.AsSpan("ln(#".Length, function.Length - "ln(#)".Length), System.Globalization.CultureInfo.InvariantCulture), 1)), Of(times), work);
        if (value.Constant is { } number && number > 0 && Numbers.Factors(number.Numerator, work) is { } above && Numbers.Factors(number.Denominator, work) is { } below)
        {
            var powers = above.Concat(below.Select(factor => (factor.Prime, Power: -factor.Power)))
                .Select(factor => (AtomName.Of("pow", work, Of(new Rational(factor.Prime, 1)), Of(monomial)), times * factor.Power));
            var (product, one) = Monomial.Multiply(powers, work);
            return new(Polynomial.Of(product, one), Polynomial.Of(1));
        }

        var part = Multiply(Of(monomial), Of(new Rational(1, times.Denominator)), work);
        var (raised, factor) = Monomial.Multiply([(AtomName.Of("pow", work, value, part), new Rational(times.Numerator, 1))], work);
        return new(Polynomial.Of(raised, factor), Polynomial.Of(1));
    }

    private bool IsAtom(string name) => Denominator.Constant is { } one && one == 1 && Numerator.Terms is { Count: 1 } terms && terms.First() is ({ Powers: [var (atom, power)] }, var coefficient)
        && atom == name && power == 1 && coefficient == 1;

    private static Quotient Of(Monomial monomial) => new(Polynomial.Of(monomial, 1), Polynomial.Of(1));

    // A positive rational, roots, pi, and variables that stand there to a power of 1/n have a canonical power; a root of a square does not: it is |x|.
    private static Quotient Root(Quotient value, Rational power, WorkBound work)
    {
        if (value.Numerator.IsZero)
            return power > 0 ? Of(0) : throw new UnreadableException("Zero to a power that is not above zero.");
        if (power == new Rational(1, 2) && Denested(value, work) is { } roots)
            return roots;
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

    // The root of a + b√c is √((a + r)/2) ± √((a − r)/2) where r = √(a² − b²c) is rational.
    private static Quotient? Denested(Quotient value, WorkBound work)
    {
        if (value.Numerator.Terms.Count != 2 || value.Denominator.Constant is not { } bottom)
            return null;
        var (one, other) = (value.Numerator.Terms.First(), value.Numerator.Terms.Last());
        var (whole, root) = one.Monomial.Powers.Count == 0 ? (one, other) : (other, one);
        if (whole.Monomial.Powers.Count != 0 || root.Monomial.Powers.Any(part => part.Atom[0] != '#' || part.Power != new Rational(1, 2)))
            return null;
        var a = whole.Coefficient / bottom;
        var radicand = root.Monomial.Powers.Aggregate(
            root.Coefficient / bottom * (root.Coefficient / bottom), (product, part) =>
                product * new Rational(BigInteger.Parse(part.Atom.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture), 1));
        var square = (a * a) - radicand;
        if (a <= 0 || square < 0 || Root(Of(square), new(1, 2), work).Constant is not { } r)
            return null;
        return Add(Root(Of((a + r) / 2), new(1, 2), work), Root(Of((a - r) / 2), new(1, 2), work), root.Coefficient < 0 ? -1 : 1, work);
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
