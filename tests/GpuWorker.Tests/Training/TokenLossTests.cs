using Curriculum.Plans;
using GpuWorker.Execution;
using GpuWorker.Training;
using static TorchSharp.torch;

namespace GpuWorker.Tests.Training;

[Trait("Speed", "fast")]
public sealed class TokenLossTests
{
    public TokenLossTests()
    {
        set_num_threads(1);
        NoGcRegion.Renew();
    }

    // Two sequences of 1 and 3 tokens with token losses 6 and (1, 2, 3), L = 10.
    [Theory]
    [InlineData(LossAggregation.TokenMean, 3.0)] // (6 + 1 + 2 + 3) / 4
    [InlineData(LossAggregation.SequenceMeanTokenMean, 4.0)] // (6 + 2) / 2
    [InlineData(LossAggregation.SequenceMeanTokenSum, 6.0)] // (6 + 6) / 2
    [InlineData(LossAggregation.SequenceMeanTokenSumNorm, 0.6)] // (0.6 + 0.6) / 2
    public void Each_aggregation_gives_its_own_mean(LossAggregation aggregation, double expected)
    {
        double[][] losses = [[6], [1, 2, 3]];
        var shares = AggregationFactors.Of(aggregation, [1, 3], longest: 10);
        Assert.Equal(expected, losses.Zip(shares, (tokens, share) => tokens.Sum() * share).Sum(), 1e-12);
    }

    // Ratio 1.5, 0.5, 1.1 with advantages of both signs; low 0.2, high 0.28.
    [Theory]
    [InlineData(1.5, 2, true, -2.56)] // held at 1.28 x 2
    [InlineData(1.5, -2, true, 3.0)] // worse than the bound: not held
    [InlineData(0.5, 2, true, -1.0)] // not held
    [InlineData(0.5, -2, true, 1.6)] // held at 0.8 x -2
    [InlineData(1.1, 2, true, -2.2)]
    [InlineData(1.5, 2, false, -3.0)]
    [InlineData(0.5, -2, false, 1.0)]
    public void The_ratio_is_held_only_where_the_advantage_pushes_it_further(double ratio, double advantage, bool clipping, double expected) =>
        Assert.Equal(expected, Loss(ratio, advantage, new(clipping, 0.2, 0.28, null)), 1e-12);

    // arXiv 1912.09729, eq. 5, with c = 3: a negative advantage costs at most 3 x 2, a positive one is left alone.
    [Theory]
    [InlineData(2.0, -2, true, 4.0)]
    [InlineData(5.0, -2, true, 6.0)]
    [InlineData(0.5, -2, true, 1.6)]
    [InlineData(5.0, 2, true, -2.56)]
    [InlineData(5.0, -2, false, 10.0)] // the switch is for all bounds
    public void The_dual_clip_bounds_what_a_negative_advantage_costs(double ratio, double advantage, bool clipping, double expected) =>
        Assert.Equal(expected, Loss(ratio, advantage, new(clipping, 0.2, 0.28, 3)), 1e-12);

    [Fact]
    public void Clipped_tokens_are_those_that_the_bounds_hold()
    {
        using var scope = NewDisposeScope();
        double[] ratios = [1.5, 1.5, 0.5, 0.5, 1.1];
        double[] advantages = [2, -2, 2, -2, 2];
        var logProbs = tensor(ratios.Select(ratio => Math.Log(ratio)).ToArray());
        Assert.Equal(2, TokenLoss.Clipped(logProbs, zeros_like(logProbs), tensor(advantages), new(true, 0.2, 0.28, null)));
        Assert.Equal(0, TokenLoss.Clipped(logProbs, zeros_like(logProbs), tensor(advantages), new(false, 0.2, 0.28, null)));
    }

    // q = p_ref / p = 2, 1/2, 1: q - log q - 1 = 1 - log 2, log 2 - 1/2, 0.
    [Fact]
    public void The_divergence_is_never_negative_and_zero_where_the_policies_agree()
    {
        using var scope = NewDisposeScope();
        double[] logProbs = [Math.Log(0.2), Math.Log(0.6), -1];
        double[] reference = [Math.Log(0.4), Math.Log(0.3), -1];
        double[] found = [.. TokenLoss.K3(tensor(logProbs), tensor(reference)).data<double>()];
        Assert.Equal(1 - Math.Log(2), found[0], 1e-12);
        Assert.Equal(Math.Log(2) - 0.5, found[1], 1e-12);
        Assert.Equal(0, found[2], 1e-12);
    }

    [Fact]
    public void A_value_costs_half_its_squared_error()
    {
        using var scope = NewDisposeScope();
        double[] values = [0.5, 1];
        double[] returns = [1, -1];
        Assert.Equal([0.125, 2], TokenLoss.Value(tensor(values), tensor(returns)).data<double>().ToArray());
    }

    [Fact]
    public void The_likelihood_weighs_each_token()
    {
        using var scope = NewDisposeScope();
        double[] logProbs = [-1, -2];
        double[] weights = [0.5, 3];
        var loss = TokenLoss.Likelihood(tensor(logProbs), tensor(weights));
        Assert.Equal(0.5, loss[0].item<double>());
        Assert.Equal(6.0, loss[1].item<double>());
    }

    private static double Loss(double ratio, double advantage, RatioClip clip)
    {
        using var scope = NewDisposeScope();
        return TokenLoss.PolicyGradient(tensor(new[] { Math.Log(ratio) - 1 }), tensor(new[] { -1.0 }), tensor(new[] { advantage }), clip).item<double>();
    }
}
