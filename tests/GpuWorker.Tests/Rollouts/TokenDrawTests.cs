using GpuWorker.Rollouts;

namespace GpuWorker.Tests.Rollouts;

public sealed class TokenDrawTests
{
    // Probabilities 0.5, 0.25, 0.25.
    private static readonly float[] Logits = [MathF.Log(2), 0, 0];

    [Theory]
    [InlineData(0.0, 0)]
    [InlineData(0.4999, 0)]
    [InlineData(0.5001, 1)]
    [InlineData(0.7499, 1)]
    [InlineData(0.7501, 2)]
    [InlineData(0.9999999999999999, 2)]
    public void The_draw_picks_by_cumulative_probability(double uniform, int expected)
    {
        var (token, logProb) = TokenDraw.Choose(Logits, 1, uniform);
        Assert.Equal(expected, token);
        Assert.Equal(MathF.Log(expected == 0 ? 0.5f : 0.25f), logProb, 1e-6f);
    }

    [Fact]
    public void Another_temperature_changes_the_draw_and_not_the_log_prob()
    {
        // At temperature 0.5 the probabilities are 4/6, 1/6, 1/6.
        Assert.Equal(0, TokenDraw.Choose(Logits, 0.5, 0.66).Token);
        Assert.Equal(1, TokenDraw.Choose(Logits, 0.5, 0.67).Token);
        Assert.Equal(MathF.Log(0.25f), TokenDraw.Choose(Logits, 0.5, 0.67).LogProb, 1e-6f);
    }

    [Fact]
    public void Without_a_draw_the_first_of_the_likeliest_is_taken()
    {
        var (token, logProb) = TokenDraw.Choose([0, MathF.Log(2), MathF.Log(2)], 1, null);
        Assert.Equal(1, token);
        Assert.Equal(MathF.Log(0.4f), logProb, 1e-6f);
    }
}
