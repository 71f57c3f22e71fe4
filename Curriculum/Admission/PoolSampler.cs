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
        return Draw([[.. Enumerable.Range(0, poolSize)]], count, seedKey, iteration, round);
    }

    /// <summary>The same over a part of the pool in tiers: every epoch takes the first tier whole, in an order of its own, then the next.</summary>
    public static int[] Draw(IReadOnlyList<IReadOnlyList<int>> tiers, int count, string seedKey, int iteration, int round)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        ArgumentOutOfRangeException.ThrowIfNegative(iteration);
        ArgumentOutOfRangeException.ThrowIfNegative(round);
        var prefix = round == 0
            ? $"{seedKey}/pool"
            : string.Create(CultureInfo.InvariantCulture, $"{seedKey}/pool/refill/{iteration}/{round}");
        var first = round == 0 ? (long)iteration * count : 0;
        int[] pool = [.. tiers.SelectMany(tier => tier)];
        var order = new int[pool.Length];
        var drawn = new int[count];
        var epoch = -1L;
        for (var index = 0; index < count; index++)
        {
            var (needed, position) = Math.DivRem(first + index, order.Length);
            if (needed != epoch)
            {
                epoch = needed;
                pool.CopyTo(order, 0);
                var random = KeyedRandom.Stream(string.Create(CultureInfo.InvariantCulture, $"{prefix}/epoch/{epoch}"));
                var start = 0;
                foreach (var tier in tiers)
                {
                    random.Shuffle(order.AsSpan(start, tier.Count));
                    start += tier.Count;
                }
            }

            drawn[index] = order[position];
        }

        return drawn;
    }
}
