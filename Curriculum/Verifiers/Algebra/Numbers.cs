using System.Numerics;
using Curriculum.Arithmetic;

namespace Curriculum.Verifiers.Algebra;

/// <summary>Powers and prime factors, within bounds.</summary>
internal static class Numbers
{
    private const int LargestTrial = 20_000;

    /// <exception cref="OutOfWorkException">The result would be too large.</exception>
    /// <exception cref="UnreadableException">Zero to a power that is not above zero.</exception>
    public static Rational Power(Rational value, BigInteger exponent, WorkBound work)
    {
        if (value.IsZero)
            return exponent.Sign > 0 ? 0 : throw new UnreadableException("Zero to a power that is not above zero.");
        if (exponent.Sign < 0)
            return 1 / Power(value, -exponent, work);
        // Of the absolute value: -2 has a bit length of 1, as a two's complement.
        var bits = Math.Max(BigInteger.Abs(value.Numerator).GetBitLength(), value.Denominator.GetBitLength());
        if (bits <= 1)
            return value.Numerator.Sign < 0 && exponent.IsEven ? 1 : exponent.IsZero ? 1 : value;
        if (exponent > WorkBound.MaxBits)
            throw new OutOfWorkException();
        WorkBound.Allow(bits * (long)exponent);
        work.Spend((bits * (long)exponent / 64) + 1);
        return value.Pow((int)exponent);
    }

    /// <summary>Prime factors with their powers; null where a factor is left that trial division does not split.</summary>
    public static List<(BigInteger Prime, int Power)>? Factors(BigInteger value, WorkBound work)
    {
        var factors = new List<(BigInteger, int)>();
        for (var trial = 2; trial <= LargestTrial && value > 1; trial++)
        {
            if ((trial & 63) == 0)
                work.Spend(1 + (value.GetBitLength() / 256));
            var power = 0;
            while (BigInteger.DivRem(value, trial, out var rest) is var quotient && rest.IsZero)
            {
                work.Spend(1);
                value = quotient;
                power++;
            }

            if (power > 0)
                factors.Add((trial, power));
            if ((BigInteger)trial * trial > value && value > 1)
            {
                factors.Add((value, 1));
                return factors;
            }
        }

        return value == 1 ? factors : null;
    }
}
