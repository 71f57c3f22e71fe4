using System.Globalization;
using Curriculum.Draws;

namespace Curriculum.Admission;

/// <summary>Draws an iteration's problems from the frozen pool: a pure function, no position is stored.</summary>
/// <remarks>
/// First rounds walk through the pool epoch by epoch, each in an order of its own, so that no problem is skipped or repeated within an
/// epoch whatever happens between two iterations. A refill round draws from a stream of its own and leaves that walk where it is.
/// </remarks>
public static class PoolSampler
{
    /// <summary>Indices into the pool, in the order to be used.</summary>
    /// <param name="poolSize">Problems in the pool.</param>
    /// <param name="count">Problems wanted, the same in each iteration; more than the pool goes on into the next epoch.</param>
    /// <param name="seedKey">What keys the draw: arm, seed, stage and attempt.</param>
    /// <param name="iteration">From 0.</param>
    /// <param name="round">0 for the first draw of the iteration, 1 and up for refills.</param>
    public static int[] Draw(int poolSize, int count, string seedKey, int iteration, int round)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(poolSize);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfNegative(iteration);
        ArgumentOutOfRangeException.ThrowIfNegative(round);
        var prefix = round == 0
            ? $"{seedKey}/pool"
            : string.Create(CultureInfo.InvariantCulture, $"{seedKey}/pool/refill/{iteration}/{round}");
        var first = round == 0 ? (long)iteration * count : 0;
        var drawn = new int[count];
        var epoch = -1L;
        var order = new int[poolSize];
        for (var index = 0; index < count; index++)
        {
            var (needed, position) = Math.DivRem(first + index, poolSize);
            if (needed != epoch)
            {
                epoch = needed;
                for (var problem = 0; problem < poolSize; problem++)
                    order[problem] = problem;
                KeyedRandom.Stream(string.Create(CultureInfo.InvariantCulture, $"{prefix}/epoch/{epoch}")).Shuffle<int>(order);
            }

            drawn[index] = order[position];
        }

        return drawn;
    }
}
