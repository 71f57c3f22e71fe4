using GpuWorker.Policies;
using GpuWorker.Rollouts;
using static TorchSharp.torch;

namespace GpuWorker.Tests.Rollouts;

[Trait("Speed", "fast")]
public sealed class CpuTokenSamplerTests
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
        var (token, logProb) = CpuTokenSampler.Choose(Logits, 1, uniform);
        Assert.Equal(expected, token);
        Assert.Equal(MathF.Log(expected == 0 ? 0.5f : 0.25f), logProb, 1e-6f);
    }

    [Fact]
    public void Another_temperature_changes_the_draw_and_the_log_prob_alike()
    {
        // At temperature 0.5 the probabilities are 4/6, 1/6, 1/6.
        Assert.Equal(new(0, MathF.Log(4 / 6f)), CpuTokenSampler.Choose(Logits, 0.5, 0.66), Close);
        Assert.Equal(new(1, MathF.Log(1 / 6f)), CpuTokenSampler.Choose(Logits, 0.5, 0.67), Close);
    }

    // Logits 0 and ln 3. At temperature 0.5 they are 0 and ln 9: 9 of 10. At 2, 0 and ln 3 / 2: sqrt 3 of 1 + sqrt 3.
    [Theory]
    [InlineData(0.5, 0.9)]
    [InlineData(1, 0.75)]
    [InlineData(2, 0.63397459621556)]
    public void The_log_prob_is_that_of_the_policy_that_drew(double temperature, double expected)
    {
        float[] logits = [0, MathF.Log(3)];
        foreach (var uniform in (double?[])[0.9999, null])
            Assert.Equal(new(1, (float)Math.Log(expected)), CpuTokenSampler.Choose(logits, temperature, uniform), Close);
        using var scope = NewDisposeScope();
        var large = full([1, 6000], Transformer.SuppressedLogit);
        large.narrow(1, 4000, 1).fill_(0);
        large.narrow(1, 5000, 1).fill_(Math.Log(3));
        foreach (var uniform in (double?[])[0.9999, null])
            Assert.Equal(new(5000, (float)Math.Log(expected)), TokenSampler.Choose(large, temperature, [uniform])[0], Close);
    }

    private static bool Close(SampledToken expected, SampledToken found) => expected.Token == found.Token && Math.Abs(expected.LogProb - found.LogProb) < 1e-6;

    [Fact]
    public void Without_a_draw_the_first_of_the_likeliest_is_taken()
    {
        var (token, logProb) = CpuTokenSampler.Choose([0, MathF.Log(2), MathF.Log(2)], 1, null);
        Assert.Equal(1, token);
        Assert.Equal(MathF.Log(0.4f), logProb, 1e-6f);
    }
}
