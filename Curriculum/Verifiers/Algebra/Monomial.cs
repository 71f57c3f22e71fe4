using System.Numerics;
using Curriculum.Arithmetic;

namespace Curriculum.Verifiers.Algebra;

/// <summary>A product of powers of atoms: variables, pi, functions, and primes under a root.</summary>
/// <remarks>
/// A prime atom <c>#7</c> has an exponent above 0 and below 1: whole powers go into the coefficient. Such products of roots of primes are linearly
/// independent over the rationals, so sums of them are equal exactly when they are written the same.
/// </remarks>
internal sealed class Monomial
{
    public static readonly Monomial One = new([]);

    private Monomial(IReadOnlyList<(string Atom, Rational Power)> powers)
    {
        Powers = powers;
        Key = string.Join('*', powers.Select(power => $"{power.Atom}^{power.Power}"));
    }

    /// <summary>By atom, ordinal; no power is 0.</summary>
    public IReadOnlyList<(string Atom, Rational Power)> Powers { get; }

    public string Key { get; }

    public static Monomial Of(string atom) => new([(atom, 1)]);

    public static string Prime(BigInteger prime) => $"#{prime}";

    /// <summary>The product of some powers, and the rational factor that whole powers of primes leave.</summary>
    public static (Monomial Product, Rational Factor) Multiply(IEnumerable<(string Atom, Rational Power)> powers, WorkBound work)
    {
        var sums = new SortedDictionary<string, Rational>(StringComparer.Ordinal);
        foreach (var (atom, power) in powers)
        {
            work.Spend(1);
            work.SpendLength(atom.Length);
            sums[atom] = sums.GetValueOrDefault(atom) + power;
        }

        Rational factor = 1;
        var left = new List<(string, Rational)>();
        foreach (var (atom, power) in sums)
        {
            var rest = power;
            if (atom[0] == '#')
            {
                var whole = power.Floor();
                var prime = new Rational(BigInteger.Parse(atom.AsSpan(1), System.Globalization.CultureInfo.InvariantCulture), 1);
                factor *= Numbers.Power(prime, whole, work);
                rest = power - new Rational(whole, 1);
            }

            if (!rest.IsZero)
                left.Add((atom, rest));
        }

        return (new(left), factor);
    }
}
