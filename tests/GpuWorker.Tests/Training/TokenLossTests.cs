using Curriculum.Plans;
using GpuWorker.Execution;
using GpuWorker.Training;
using static TorchSharp.torch;

namespace GpuWorker.Tests.Training;

public sealed class TokenLossTests
{
    public TokenLossTests()
    {
        set_num_threads(1);
        CollectorPause.Renew();
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
        var shares = TokenShares.Of(aggregation, [1, 3], longest: 10);
        Assert.Equal(expected, losses.Zip(shares, (tokens, share) => tokens.Sum() * share).Sum(), 1e-12);
    }

    // Ratio 1.5, 0.5, 1.1 with advantages of both signs; low 0.2, high 0.28.
    [Theory]
    [InlineData(1.5, 2, 0.2, 0.28, -2.56)] // held at 1.28 x 2
    [InlineData(1.5, -2, 0.2, 0.28, 3.0)] // worse than the bound: not held
    [InlineData(0.5, 2, 0.2, 0.28, -1.0)] // not held
    [InlineData(0.5, -2, 0.2, 0.28, 1.6)] // held at 0.8 x -2
    [InlineData(1.1, 2, 0.2, 0.28, -2.2)]
    [InlineData(1.5, 2, null, null, -3.0)]
    [InlineData(0.5, -2, null, null, 1.0)]
    [InlineData(1.5, 2, 0.2, null, -3.0)]
    [InlineData(0.5, -2, 0.2, null, 1.6)]
    public void The_ratio_is_held_only_where_the_advantage_pushes_it_further(double ratio, double advantage, double? low, double? high, double expected)
    {
        using var scope = NewDisposeScope();
        var loss = TokenLoss.PolicyGradient(tensor(new[] { Math.Log(ratio) - 1 }), tensor(new[] { -1.0 }), tensor(new[] { advantage }), low, high);
        Assert.Equal(expected, loss.item<double>(), 1e-12);
    }

    [Fact]
    public void Clipped_tokens_are_those_that_the_bounds_hold()
    {
        using var scope = NewDisposeScope();
        double[] ratios = [1.5, 1.5, 0.5, 0.5, 1.1];
        double[] advantages = [2, -2, 2, -2, 2];
        var logProbs = tensor(ratios.Select(ratio => Math.Log(ratio)).ToArray());
        Assert.Equal(2, TokenLoss.Clipped(logProbs, zeros_like(logProbs), tensor(advantages), 0.2, 0.28));
        Assert.Equal(0, TokenLoss.Clipped(logProbs, zeros_like(logProbs), tensor(advantages), null, null));
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
}
