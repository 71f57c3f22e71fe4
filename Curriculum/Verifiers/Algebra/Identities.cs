using System.Numerics;
using Curriculum.Arithmetic;

namespace Curriculum.Verifiers.Algebra;

/// <summary>The two relations between atoms that a comparison knows: i² = −1, and sin² + cos² = 1 of one argument.</summary>
/// <remarks>
/// Both are irreducible, so that what is left after them is an integral domain: a quotient is the other exactly when the difference of the cross products is zero
/// there, as long as no denominator is.
/// </remarks>
internal static class Identities
{
    private const int MaxPower = 100;

    /// <summary>Whether one of them says something about the sum.</summary>
    public static bool Concern(Polynomial sum) => sum.Terms.Any(term => term.Monomial.Powers.Any(part => part.Atom == "i" || Cosine(part.Atom) is not null));

    /// <summary>Whether the sum is zero by them.</summary>
    public static bool IsZero(Polynomial sum, WorkBound work)
    {
        // Multiplied with what is not zero, so that no sine is below a line.
        var least = new Dictionary<string, Rational>(StringComparer.Ordinal);
        foreach (var (atom, power) in sum.Terms.SelectMany(term => term.Monomial.Powers))
        {
            if (Cosine(atom) is not null && power < least.GetValueOrDefault(atom))
                least[atom] = power;
        }

        var (factor, one) = Monomial.Multiply(least.Select(part => (part.Key, -part.Value)), work);
        sum = Polynomial.Multiply(sum, Polynomial.Of(factor, one), work);
        var reduced = Polynomial.Of(0);
        foreach (var (monomial, coefficient) in sum.Terms)
            reduced = Polynomial.Add(reduced, Reduced(monomial, coefficient, work), 1, work);
        return reduced.IsZero;
    }

    private static Polynomial Reduced(Monomial monomial, Rational coefficient, WorkBound work)
    {
        var left = new List<(string, Rational)>();
        var squares = Polynomial.Of(1);
        foreach (var (atom, power) in monomial.Powers)
        {
            if (!power.IsInteger || BigInteger.Abs(power.Numerator) > MaxPower)
            {
                left.Add((atom, power));
            }
            else if (atom == "i")
            {
                var turns = (((int)power.Numerator % 4) + 4) % 4;
                coefficient = turns >= 2 ? -coefficient : coefficient;
                left.Add((atom, turns % 2));
            }
            else if (Cosine(atom) is { } cosine && power >= 2)
            {
                var (square, factor) = Monomial.Multiply([(cosine, 2)], work);
                var other = Polynomial.Add(Polynomial.Of(1), Polynomial.Of(square, factor), -1, work);
                for (var times = (int)power.Numerator / 2; times > 0; times--)
                    squares = Polynomial.Multiply(squares, other, work);
                left.Add((atom, (int)power.Numerator % 2));
            }
            else
            {
                left.Add((atom, power));
            }
        }

        var (rest, over) = Monomial.Multiply(left, work);
        return Polynomial.Multiply(squares, Polynomial.Of(rest, coefficient * over), work);
    }

    private static string? Cosine(string atom) => atom.StartsWith("sin(", StringComparison.Ordinal) || atom.StartsWith("sin°(", StringComparison.Ordinal) ? $"cos{atom.AsSpan(3)}" : null;
}
