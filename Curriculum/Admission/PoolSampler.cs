using System.Globalization;
using Curriculum.Draws;

namespace Curriculum.Admission;

/// <summary>Draws an iteration's problems from the frozen pool: a pure function, no position is stored.</summary>
/// <remarks>
/// First rounds walk through the pool epoch by epoch, each in an order of its own, so that no problem is skipped or repeated within an
/// epoch whatever happens between two iterations, nor within a draw that goes on into the next epoch, unless it asks for more than the pool.
/// A refill round draws from a stream of its own and leaves that walk where it is.
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
        var walk = new Walk(tiers, count, prefix);
        var drawn = new int[count];
        var epoch = -1L;
        int[] order = [];
        for (var index = 0; index < count; index++)
        {
            var (needed, position) = Math.DivRem(first + index, walk.Size);
            if (needed != epoch)
            {
                order = epoch < 0 ? walk.Order(needed) : walk.Next(order, needed);
                epoch = needed;
            }

            drawn[index] = order[position];
        }

        return drawn;
    }

    /// <summary>The orders of the epochs.</summary>
    private sealed class Walk(IReadOnlyList<IReadOnlyList<int>> tiers, int count, string prefix)
    {
        private readonly int[] _pool = [.. tiers.SelectMany(tier => tier)];

        public int Size => _pool.Length;

        /// <summary>An order depends on the one before it where a draw straddles the two; epochs that begin with a draw depend on none.</summary>
        public int[] Order(long epoch)
        {
            var begin = epoch;
            while (Straddling(begin) > 0)
                begin--;
            var order = Shuffled(begin);
            while (begin < epoch)
                order = Next(order, ++begin);
            return order;
        }

        /// <summary>The order after another: what the straddling draw took of that one does not come first in this one.</summary>
        public int[] Next(int[] before, long epoch)
        {
            var order = Shuffled(epoch);
            var taken = Straddling(epoch);
            if (taken == 0)
                return order;
            var barred = before[^taken..].ToHashSet();
            int[] head = [.. order.Where(problem => !barred.Contains(problem)).Take(count - taken)];
            return [.. head, .. order.Except(head)];
        }

        // How many problems the draw that is under way when an epoch begins took of the epoch before.
        private int Straddling(long epoch) => count > Size ? 0 : (int)(epoch * Size % count);

        private int[] Shuffled(long epoch)
        {
            int[] order = [.. _pool];
            var random = KeyedRandom.Stream(string.Create(CultureInfo.InvariantCulture, $"{prefix}/epoch/{epoch}"));
            var start = 0;
            foreach (var tier in tiers)
            {
                random.Shuffle(order.AsSpan(start, tier.Count));
                start += tier.Count;
            }

            return order;
        }
    }
}
