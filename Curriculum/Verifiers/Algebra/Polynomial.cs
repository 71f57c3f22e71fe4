using System.Numerics;
using Curriculum.Problems;

namespace Curriculum.Verifiers.Algebra;

/// <summary>A sum of monomials with rational coefficients, none of them zero: equal exactly when written the same.</summary>
internal sealed class Polynomial
{
    private const int MaxTerms = 2_000;

    private readonly SortedDictionary<string, (Monomial Monomial, Rational Coefficient)> _terms = new(StringComparer.Ordinal);

    public static Polynomial Of(Rational value)
    {
        var sum = new Polynomial();
        sum.Add(Monomial.One, value);
        return sum;
    }

    public static Polynomial Of(Monomial monomial, Rational coefficient)
    {
        var sum = new Polynomial();
        sum.Add(monomial, coefficient);
        return sum;
    }

    public IReadOnlyCollection<(Monomial Monomial, Rational Coefficient)> Terms => _terms.Values;

    public bool IsZero => _terms.Count == 0;

    /// <summary>The value where it is a rational number.</summary>
    public Rational? Constant => _terms.Count == 0 ? 0 : _terms.Count == 1 && _terms.First().Value is ({ Powers.Count: 0 }, var value) ? value : null;

    public static Polynomial Add(Polynomial a, Polynomial b, int sign, WorkBound work)
    {
        var sum = new Polynomial();
        foreach (var (monomial, coefficient) in a.Terms)
            sum.Add(monomial, coefficient);
        foreach (var (monomial, coefficient) in b.Terms)
            sum.Add(monomial, sign * coefficient);
        work.Spend(a._terms.Count + b._terms.Count);
        return sum;
    }

    public static Polynomial Multiply(Polynomial a, Polynomial b, WorkBound work)
    {
        var product = new Polynomial();
        foreach (var (left, one) in a.Terms)
        {
            foreach (var (right, other) in b.Terms)
            {
                var bits = Bits(one) + Bits(other);
                WorkBound.Allow(bits);
                work.Spend(4 + (bits * bits / 16_384));
                var (monomial, factor) = Monomial.Multiply(left.Powers.Concat(right.Powers), work);
                product.Add(monomial, one * other * factor);
            }
        }

        return product;
    }

    public bool SameAs(Polynomial other) => _terms.Count == other._terms.Count
        && _terms.All(term => other._terms.TryGetValue(term.Key, out var found) && found.Coefficient == term.Value.Coefficient);

    public override string ToString() => _terms.Count == 0 ? "0" : string.Join('+', _terms.Select(term => $"{term.Value.Coefficient}*{term.Key}"));

    private static long Bits(Rational value) => value.Numerator.GetBitLength() + value.Denominator.GetBitLength();

    private void Add(Monomial monomial, Rational coefficient)
    {
        var sum = (_terms.TryGetValue(monomial.Key, out var found) ? found.Coefficient : 0) + coefficient;
        WorkBound.Allow(Bits(sum));
        if (sum.IsZero)
            _terms.Remove(monomial.Key);
        else
            _terms[monomial.Key] = (monomial, sum);
        if (_terms.Count > MaxTerms)
            throw new OutOfWorkException();
    }
}
