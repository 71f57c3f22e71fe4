namespace Curriculum.Verifiers;

/// <summary>The bound on what one verification may compute. Counted and not timed, so that a verdict repeats.</summary>
internal sealed class WorkBound(int steps = WorkBound.Steps)
{
    /// <summary>Steps of one verification.</summary>
    public const int Steps = 200_000;

    /// <summary>Largest numerator or denominator, in bits.</summary>
    public const int MaxBits = 20_000;

    private long _left = steps;

    /// <exception cref="OutOfWorkException">The bound is reached.</exception>
    public void Spend(long steps)
    {
        _left -= steps;
        if (_left < 0)
            throw new OutOfWorkException();
    }

    /// <summary>Charges a text that is written or compared.</summary>
    /// <exception cref="OutOfWorkException">The bound is reached.</exception>
    public void SpendLength(long characters) => Spend(characters / 16);

    /// <exception cref="OutOfWorkException">The number would be too large.</exception>
    public static void Allow(long bits)
    {
        if (bits > MaxBits)
            throw new OutOfWorkException();
    }
}

/// <summary>Ends a verification inside; never leaves <see cref="MathVerifier"/>.</summary>
internal sealed class OutOfWorkException : Exception;

/// <summary>Ends the reading of an answer; never leaves <see cref="MathVerifier"/>.</summary>
internal sealed class UnreadableException(string reason) : Exception(reason);
