namespace Curriculum.Rewards;

/// <summary>DAPO's soft overlong penalty (arXiv 2503.14476, eq. 13): 0 up to longest - buffer, then linear to -1 at longest, -1 past it.</summary>
public static class OverlongPenalty
{
    /// <summary>The penalty of a length.</summary>
    /// <param name="length">Tokens of the completion.</param>
    /// <param name="longest">Lmax: the longest completion allowed.</param>
    /// <param name="buffer">Lcache: where the penalty grows, 1 to <paramref name="longest"/>.</param>
    public static double Of(int length, int longest, int buffer)
    {
        if (buffer < 1 || buffer > longest)
            throw new ArgumentOutOfRangeException(nameof(buffer), buffer, $"Expected a buffer of 1 to {longest} tokens.");
        return Math.Clamp((longest - buffer - length) / (double)buffer, -1, 0);
    }

    /// <summary>The buffer that a share of the longest completion is, at least one token.</summary>
    public static int Buffer(double share, int longest) => Math.Clamp((int)Math.Round(share * longest), 1, longest);
}
