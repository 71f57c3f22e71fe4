using System.Globalization;
using System.Numerics;

namespace Curriculum.Arithmetic;

/// <summary>An exact fraction in lowest terms.</summary>
/// <remarks>Written <c>a</c> or <c>a/b</c>, with <c>-</c> in front where negative.</remarks>
public readonly record struct Rational : IComparable<Rational>
{
    /// <summary>Longest number that is read, in characters.</summary>
    public const int MaxLength = 2000;

    // One less than the denominator, so that default is 0/1.
    private readonly BigInteger _surplus;

    /// <summary>A fraction, reduced.</summary>
    /// <exception cref="DivideByZeroException">The denominator is zero.</exception>
    public Rational(BigInteger numerator, BigInteger denominator)
    {
        if (denominator.IsZero)
            throw new DivideByZeroException("Expected a denominator other than zero.");
        var divisor = BigInteger.GreatestCommonDivisor(numerator, denominator) * denominator.Sign;
        Numerator = numerator / divisor;
        _surplus = (denominator / divisor) - 1;
    }

    public BigInteger Numerator { get; }

    /// <summary>At least 1.</summary>
    public BigInteger Denominator => _surplus + 1;

    public bool IsZero => Numerator.IsZero;

    public bool IsInteger => _surplus.IsZero;

    public static implicit operator Rational(int value) => new(value, 1);

    public static Rational operator +(Rational a, Rational b) => new((a.Numerator * b.Denominator) + (b.Numerator * a.Denominator), a.Denominator * b.Denominator);

    public static Rational operator -(Rational a, Rational b) => a + -b;

    public static Rational operator -(Rational a) => new(-a.Numerator, a.Denominator);

    public static Rational operator *(Rational a, Rational b) => new(a.Numerator * b.Numerator, a.Denominator * b.Denominator);

    /// <exception cref="DivideByZeroException"><paramref name="b"/> is zero.</exception>
    public static Rational operator /(Rational a, Rational b) => new(a.Numerator * b.Denominator, a.Denominator * b.Numerator);

    public static bool operator <(Rational a, Rational b) => a.CompareTo(b) < 0;

    public static bool operator >(Rational a, Rational b) => a.CompareTo(b) > 0;

    public static bool operator <=(Rational a, Rational b) => a.CompareTo(b) <= 0;

    public static bool operator >=(Rational a, Rational b) => a.CompareTo(b) >= 0;

    public int CompareTo(Rational other) => (Numerator * other.Denominator).CompareTo(other.Numerator * Denominator);

    /// <summary>The largest integer that is not above it.</summary>
    public BigInteger Floor() => BigInteger.DivRem(Numerator, Denominator, out var rest) - (rest.Sign < 0 ? 1 : 0);

    public Rational Abs() => new(BigInteger.Abs(Numerator), Denominator);

    public Rational Pow(int exponent) => new(BigInteger.Pow(Numerator, exponent), BigInteger.Pow(Denominator, exponent));

    /// <summary>A double within one unit in the last place.</summary>
    public double ToDouble()
    {
        // Enough bits of the quotient that its rounding does not show; BigInteger's own conversion would overflow on long fractions.
        var shift = (int)Math.Max(0, 128 + Denominator.GetBitLength() - Numerator.GetBitLength());
        return Math.ScaleB((double)((Numerator << shift) / Denominator), -shift);
    }

    public override string ToString() => IsInteger
        ? Numerator.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{Numerator}/{Denominator}");

    /// <summary>Reads an integer, a decimal or a fraction of two integers; integers may have thousands separators. Never throws.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Rational value)
    {
        value = default;
        text = text.Trim();
        if (text.Length is 0 or > MaxLength)
            return false;
        var negative = text[0] == '-';
        if (text[0] is '-' or '+')
            text = text[1..];
        var slash = text.IndexOf('/');
        var read = slash < 0
            ? TryDecimal(text, out value)
            : TryInteger(text[..slash].TrimEnd(), out var numerator) && TryInteger(text[(slash + 1)..].TrimStart(), out var denominator)
                && !denominator.IsZero && Assign(new(numerator, denominator), out value);
        if (negative)
            value = -value;
        return read;
    }

    private static bool TryDecimal(ReadOnlySpan<char> text, out Rational value)
    {
        value = default;
        var point = text.IndexOf('.');
        if (point < 0)
            return TryInteger(text, out var integer) && Assign(new(integer, 1), out value);
        var (whole, fraction) = (BigInteger.Zero, BigInteger.Zero);
        var digits = text[(point + 1)..];
        if (text.Length == 1 || (point > 0 && !TryInteger(text[..point], out whole))
            || (digits.Length > 0 && (digits.ContainsAnyExceptInRange('0', '9') || !TryInteger(digits, out fraction))))
        {
            return false;
        }

        var scale = BigInteger.Pow(10, digits.Length);
        value = new((whole * scale) + fraction, scale);
        return true;
    }

    private static bool TryInteger(ReadOnlySpan<char> text, out BigInteger value)
    {
        value = default;
        if (text.Contains(','))
        {
            for (var index = 0; index < text.Length; index++)
            {
                if ((text[index] == ',') != ((text.Length - index) % 4 == 0) || text[0] == ',')
                    return false;
            }

            text = text.ToString().Replace(",", "", StringComparison.Ordinal);
        }

        return text.Length > 0 && !text.ContainsAnyExceptInRange('0', '9')
            && BigInteger.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }

    private static bool Assign(Rational read, out Rational value)
    {
        value = read;
        return true;
    }
}
