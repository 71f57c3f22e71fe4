using System.Numerics;
using Curriculum.Arithmetic;

namespace Curriculum.Verifiers.Algebra;

/// <summary>A sum of monomials with rational coefficients, none of them zero: equal exactly when written the same.</summary>
internal sealed class Polynomial
{
    private const int MaxTerms = 2_000;

    private readonly SortedDictionary<string, (Monomial Monomial, Rational Coefficient)> _terms = new(StringComparer.Ordinal);
    private long _length;

    public static Polynomial Of(Rational value)
    {
        var sum = new Polynomial();
        sum.Add(Monomial.One, value, null);
        return sum;
    }

    public static Polynomial Of(Monomial monomial, Rational coefficient)
    {
        var sum = new Polynomial();
        sum.Add(monomial, coefficient, null);
        return sum;
    }

    public IReadOnlyCollection<(Monomial Monomial, Rational Coefficient)> Terms => _terms.Values;

    public bool IsZero => _terms.Count == 0;

    /// <summary>The value where it is a rational number.</summary>
    public Rational? Constant => _terms.Count == 0 ? 0 : _terms.Count == 1 && _terms.First().Value is ({ Powers.Count: 0 }, var value) ? value : null;

    public static Polynomial Add(Polynomial a, Polynomial b, int sign, WorkBound work)
    {
        a.Charge(work);
        b.Charge(work);
        var sum = new Polynomial();
        foreach (var (monomial, coefficient) in a.Terms)
            sum.Add(monomial, coefficient, work);
        foreach (var (monomial, coefficient) in b.Terms)
            sum.Add(monomial, sign * coefficient, work);
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
                product.Add(monomial, one * other * factor, work);
            }
        }

        return product;
    }

    public bool SameAs(Polynomial other, WorkBound work)
    {
        if (_terms.Count != other._terms.Count || _length != other._length)
            return false;
        Charge(work);
        return _terms.All(term => other._terms.TryGetValue(term.Key, out var found) && found.Coefficient == term.Value.Coefficient);
    }

    private static long Bits(Rational value) => value.Numerator.GetBitLength() + value.Denominator.GetBitLength();

    // By its terms and their characters: every one of them is looked at.
    private void Charge(WorkBound work)
    {
        work.Spend(_terms.Count);
        work.SpendLength(_length);
    }

    private void Add(Monomial monomial, Rational coefficient, WorkBound? work)
    {
        var sum = coefficient;
        if (_terms.Remove(monomial.Key, out var found))
        {
            var bits = Bits(found.Coefficient) + Bits(coefficient);
            work?.Spend(bits * bits / 16_384);
            sum += found.Coefficient;
            _length -= monomial.Key.Length;
        }

        WorkBound.Allow(Bits(sum));
        if (!sum.IsZero)
        {
            _terms.Add(monomial.Key, (monomial, sum));
            _length += monomial.Key.Length;
        }

        if (_terms.Count > MaxTerms)
            throw new OutOfWorkException();
    }
}
