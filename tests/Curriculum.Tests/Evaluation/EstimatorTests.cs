using Curriculum.Evaluation;

namespace Curriculum.Tests.Evaluation;

[Trait("Speed", "fast")]
public sealed class EstimatorTests
{
    // Python: statistics.NormalDist().inv_cdf(p).
    [Theory]
    [InlineData(0.6, 0.2533471031357998)]
    [InlineData(0.975, 1.9599639845400536)]
    [InlineData(0.995, 2.5758293035489)]
    [InlineData(0.9999, 3.7190164854557084)]
    public void Normal_quantiles_agree_with_python(double probability, double expected)
    {
        Assert.Equal(expected, Wilson.NormalQuantile(probability), 1e-12);
        Assert.Equal(-expected, Wilson.NormalQuantile(1 - probability), 1e-9);
        Assert.Equal(probability, Wilson.NormalCdf(expected), 1e-13);
    }

    // Python: the roots of (p - x)^2 = z^2 x (1 - x) / n with z from statistics.NormalDist.
    [Theory]
    [InlineData(8, 10, 0.95, 0.49016247153664194, 0.9433178485456246)]
    [InlineData(0, 20, 0.95, 0.0, 0.1611251580528193)]
    [InlineData(20, 20, 0.90, 0.8808421626390375, 1.0)]
    [InlineData(131, 256, 0.99, 0.43197257942819894, 0.590872823363475)]
    public void Wilson_intervals_solve_the_score_equation(int successes, int trials, double confidence, double low, double high)
    {
        var interval = Wilson.Interval(successes, trials, confidence);
        Assert.Equal((double)successes / trials, interval.Value);
        Assert.Equal(low, interval.Low, 1e-12);
        Assert.Equal(high, interval.High, 1e-12);
    }

    [Fact]
    public void Wilson_refuses_what_is_no_proportion()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Wilson.Interval(0, 0, 0.95));
        Assert.Throws<ArgumentOutOfRangeException>(() => Wilson.Interval(3, 2, 0.95));
        Assert.Throws<ArgumentOutOfRangeException>(() => Wilson.Interval(1, 2, 1));
    }

    // By hand: 1 - C(7,5)/C(10,5) = 1 - 21/252; 1 - C(3,2)/C(4,2) = 1 - 3/6. Python's math.comb for the third.
    [Theory]
    [InlineData(10, 3, 5, 1 - 21.0 / 252)]
    [InlineData(4, 1, 2, 0.5)]
    [InlineData(200, 7, 100, 0.9929911172418123)]
    [InlineData(8, 0, 8, 0)]
    [InlineData(8, 1, 8, 1)]
    [InlineData(5, 4, 2, 1)]
    public void Pass_at_k_is_the_unbiased_estimator(int samples, int correct, int k, double expected) =>
        Assert.Equal(expected, PassAtK.Unbiased(samples, correct, k), 1e-12);

    [Fact]
    public void Pass_at_one_is_the_mean_accuracy() =>
        Assert.All(Enumerable.Range(0, 9), correct => Assert.Equal(correct / 8.0, PassAtK.Unbiased(8, correct, 1), 1e-12));

    // By hand: ranks .005 (x4 = .02), .01 (x3 = .03), .03 (x2 = .06), .04 (x1 = .04, raised to .06).
    [Fact]
    public void Holm_steps_down_and_never_falls()
    {
        double[] pValues = [0.01, 0.04, 0.03, 0.005];
        Assert.Equal([0.03, 0.06, 0.06, 0.02], Holm.Adjust(pValues).Select(p => Math.Round(p, 12)));
        Assert.Equal([1, 3, 2, 0], Holm.Ranks(pValues));
    }

    [Fact]
    public void Holm_stays_within_one() => Assert.Equal([1.0, 1.0], Holm.Adjust([0.9, 0.8]));
}
