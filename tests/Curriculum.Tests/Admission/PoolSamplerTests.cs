using CsCheck;
using Curriculum.Admission;

namespace Curriculum.Tests.Admission;

[Trait("Speed", "fast")]
public sealed class PoolSamplerTests
{
    [Fact]
    public void Every_epoch_covers_the_pool_exactly_once() =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 60], Gen.String).Sample((pool, count, key) =>
        {
            // Enough iterations for three epochs, cut into epochs again.
            var drawn = Enumerable.Range(0, ((3 * pool) + count - 1) / count).SelectMany(i => PoolSampler.Draw(pool, count, key, i, 0)).Take(3 * pool);
            return drawn.Chunk(pool).All(epoch => epoch.Order().SequenceEqual(Enumerable.Range(0, pool)));
        });

    [Fact]
    public void A_draw_that_goes_on_into_the_next_epoch_draws_no_problem_twice() =>
        Gen.Select(Gen.Int[1, 30], Gen.Int[1, 30], Gen.Int[0, 200]).Where(t => t.Item2 <= t.Item1).Sample((pool, count, iteration) =>
            PoolSampler.Draw(pool, count, "k", iteration, 0).Distinct().Count() == count);

    [Fact]
    public void A_refill_does_not_repeat_itself_within_the_pool_and_leaves_the_walk_alone() =>
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 60], Gen.Int[0, 100], Gen.Int[1, 8]).Sample((pool, count, iteration, round) =>
        {
            var before = PoolSampler.Draw(pool, count, "k", iteration, 0);
            var refill = PoolSampler.Draw(pool, count, "k", iteration, round);
            return refill.Chunk(pool).All(c => c.Distinct().Count() == c.Length)
                && refill.SequenceEqual(PoolSampler.Draw(pool, count, "k", iteration, round))
                && before.SequenceEqual(PoolSampler.Draw(pool, count, "k", iteration, 0));
        });

    [Fact]
    public void Epochs_iterations_rounds_and_keys_draw_differently()
    {
        int[] Draw(string key, int iteration, int round) => PoolSampler.Draw(100, 100, key, iteration, round);
        var first = Draw("arm/1/0/0", 0, 0);
        Assert.NotEqual(first, Draw("arm/1/0/0", 1, 0));
        Assert.NotEqual(first, Draw("arm/1/0/1", 0, 0));
        Assert.NotEqual(first, Draw("arm/1/0/0", 0, 1));
        Assert.NotEqual(Draw("arm/1/0/0", 0, 1), Draw("arm/1/0/0", 0, 2));
        Assert.NotEqual(Draw("arm/1/0/0", 0, 1), Draw("arm/1/0/0", 1, 1));
    }

    [Fact]
    public void A_late_iteration_of_a_large_pool_does_not_overflow() =>
        Assert.All(PoolSampler.Draw(7, 512, "k", int.MaxValue, 0), index => Assert.InRange(index, 0, 6));
}
