using CsCheck;
using Curriculum.Advantages;

namespace Curriculum.Tests.Advantages;

[Trait("Speed", "fast")]
public sealed class GeneralizedAdvantagesTests
{
    // r = 1 at the end, V = 0.5, 0.25, 1. Errors: d2 = 1 - 1 = 0; d1 = 0.9 x 1 - 0.25 = 0.65; d0 = 0.9 x 0.25 - 0.5 = -0.275.
    // With gamma lambda = 0.9 x 0.5 = 0.45: A2 = 0; A1 = 0.65; A0 = -0.275 + 0.45 x 0.65 = 0.0175.
    [Fact]
    public void Errors_of_the_values_are_summed_backwards()
    {
        var advantages = GeneralizedAdvantages.Of(1, [0.5f, 0.25f, 1f], new() { Gamma = 0.9, Lambda = 0.5 });
        Assert.Equal(0.0175, advantages[0], 1e-12);
        Assert.Equal(0.65, advantages[1], 1e-12);
        Assert.Equal(0, advantages[2], 1e-12);
    }

    [Fact]
    public void Undiscounted_the_advantage_is_the_reward_less_the_value() =>
        Gen.Select(Gen.Double[-1, 1], Gen.Float[-2, 2].Array[1, 20]).Sample((reward, values) =>
            GeneralizedAdvantages.Of(reward, values, new()).Zip(values).All(pair => Math.Abs(pair.First - (reward - pair.Second)) < 1e-9));

    [Fact]
    public void With_lambda_zero_each_advantage_is_its_own_error() =>
        Assert.Equal([0.25 - 0.5, 2 - 0.25], GeneralizedAdvantages.Of(2, [0.5f, 0.25f], new() { Lambda = 0 }));

    // 1, 2, 3, 6: mean 3, sample variance (4 + 1 + 0 + 9) / 3.
    [Fact]
    public void Whitening_brings_mean_zero_and_sample_variance_one()
    {
        var (mean, scale) = GeneralizedAdvantages.Whitening([1, 2, 3, 6]);
        Assert.Equal(3, mean);
        Assert.Equal(1 / Math.Sqrt(14.0 / 3), scale, 1e-8);
        Assert.Equal((5, 1), GeneralizedAdvantages.Whitening([5]));
    }
}
