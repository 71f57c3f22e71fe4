using Curriculum.Draws;
using Curriculum.Evaluation;

namespace Curriculum.Tests.Evaluation;

[Trait("Speed", "fast")]
public sealed class CrossedBootstrapTests
{
    private static readonly double[][] Scores = [[0, 1, 0.5, 0.25], [1, 1, 0, 0.75], [0.5, 0, 0.25, 1]];

    // Python: all 3^3 x 4^4 = 6,912 resamples enumerated; mean 0.52083, 5 % quantile 0.3125, 95 % quantile 0.79167,
    // and 4.4416 % of the resamples are at most 0.3.
    [Fact]
    public void It_approaches_the_exact_distribution_over_all_resamples()
    {
        var distribution = Draw(Scores, 200_000, "exact");
        var interval = distribution.Interval(0.9);
        Assert.Equal(6.25 / 12, distribution.Value, 1e-12);
        Assert.Equal(0.3125, interval.Low, 1e-9);
        Assert.Equal(0.7916666666666666, interval.High, 0.003);

        var shifted = Draw([.. Scores.Select(row => row.Select(score => score - 0.3).ToArray())], 200_000, "exact");
        Assert.Equal(2 * 0.04441550925925926, shifted.PValue(), 0.004);
    }

    [Fact]
    public void The_same_key_gives_the_same_bits_and_another_key_others()
    {
        Assert.Equal(Draw(Scores, 500, "a").Interval(0.95), Draw(Scores, 500, "a").Interval(0.95));
        Assert.NotEqual(Draw(Scores, 500, "a").Interval(0.95), Draw(Scores, 500, "b").Interval(0.95));
    }

    [Fact]
    public void Seeds_that_differ_widen_the_interval_that_problems_alone_leave_narrow()
    {
        double[][] alike = [.. Enumerable.Range(0, 3).Select(_ => Enumerable.Repeat(0.5, 64).ToArray())];
        double[][] apart = [.. Enumerable.Range(0, 3).Select(seed => Enumerable.Repeat(0.1 + 0.4 * seed, 64).ToArray())];
        Assert.Equal(new Estimate(0.5, 0.5, 0.5), Draw(alike, 2_000, "k").Interval(0.95));

        // By hand: three picks of the levels reach 0.1 or 0.9 with 1/27 each, more than the 2.5 % of a tail.
        var interval = Draw(apart, 2_000, "k").Interval(0.95);
        Assert.Equal(0.1, interval.Low, 1e-9);
        Assert.Equal(0.9, interval.High, 1e-9);
    }

    [Fact]
    public void With_one_seed_only_problems_vary()
    {
        // By hand: the mean of 100 fair coins has a standard error of 0.05, so the 95 % interval is about 0.5 +- 0.098.
        double[][] one = [[.. Enumerable.Range(0, 100).Select(i => i % 2.0)]];
        var interval = Draw(one, 20_000, "one").Interval(0.95);
        Assert.InRange(interval.Low, 0.395, 0.41);
        Assert.InRange(interval.High, 0.59, 0.605);
    }

    [Fact]
    public void A_difference_that_is_zero_everywhere_has_a_p_value_of_one() =>
        Assert.Equal(1, Draw([[0, 0, 0], [0, 0, 0]], 1_000, "zero").PValue());

    // By hand: no draw is at or under zero, so p = 2 (0 + 1) / (999 + 1).
    [Fact]
    public void The_smallest_p_value_depends_on_the_draws() =>
        Assert.Equal(0.002, Draw([[0.5, 0.5]], 999, "least").PValue(), 1e-12);

    [Fact]
    public void Measures_share_their_resamples()
    {
        var random = KeyedRandom.Stream("shared");
        var both = CrossedBootstrap.Draw([Scores, Scores], 300, random.NextInt);
        Assert.Equal(both[0].Interval(0.8), both[1].Interval(0.8));
    }

    [Fact]
    public void Measures_of_another_shape_are_refused()
    {
        var random = KeyedRandom.Stream("shape");
        Assert.Throws<ArgumentException>(() => CrossedBootstrap.Draw([Scores, [[1, 2, 3, 4]]], 10, random.NextInt));
        Assert.Throws<ArgumentException>(() => CrossedBootstrap.Draw([[]], 10, random.NextInt));
        Assert.Throws<ArgumentException>(() => CrossedBootstrap.Draw([[[1, 2], [1]]], 10, random.NextInt));
    }

    // By hand: 100 draws of 3 seeds and 4 problems each, however many measures there are.
    [Fact]
    public void Randomness_is_spent_once_for_all_measures()
    {
        var random = KeyedRandom.Stream("spent");
        var spent = 0;
        CrossedBootstrap.Draw([Scores, Scores, Scores], 100, most =>
        {
            spent++;
            return random.NextInt(most);
        });
        Assert.Equal(700, spent);
    }

    private static BootstrapDistribution Draw(double[][] scores, int draws, string key) =>
        CrossedBootstrap.Draw([scores], draws, KeyedRandom.Stream(key).NextInt)[0];
}
