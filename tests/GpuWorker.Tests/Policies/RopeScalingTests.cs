using System.Text;
using GpuWorker.Policies;

namespace GpuWorker.Tests.Policies;

/// <summary>Angles per position, worked by hand from the published formulas.</summary>
[Trait("Speed", "fast")]
public sealed class RopeScalingTests
{
    [Fact]
    public void Linear_scaling_divides_every_frequency()
    {
        // Head size 4, theta 100: 1 and 1/10; divided by 4.
        var config = Read(4, """ "rope_theta":100,"rope_scaling":{"type":"linear","factor":4.0} """);
        Assert.Equal(0.25, RotaryEmbedding.Frequency(config, 0), 1e-15);
        Assert.Equal(0.025, RotaryEmbedding.Frequency(config, 1), 1e-15);
        Assert.Equal(1, config.Rope.Scale);
    }

    [Fact]
    public void Llama3_scaling_keeps_short_waves_divides_long_ones_and_blends_between()
    {
        // Head size 8, theta 10000: frequencies 1, 0.1, 0.01, 0.001. Within 2 pi x 100 positions they turn 100, 10, 1 and 0.1 times (628 is 2 pi x 99.949...).
        var config = Read(8,
            """ "rope_theta":10000,"rope_parameters":{"rope_type":"llama3","rope_theta":10000,"factor":8.0,"low_freq_factor":0.5,"high_freq_factor":4.0,"original_max_position_embeddings":628} """);
        Assert.Equal(1, RotaryEmbedding.Frequency(config, 0), 1e-15);
        Assert.Equal(0.1, RotaryEmbedding.Frequency(config, 1), 1e-15);

        // 628 x 0.01 / 2 pi = 0.999493 turns: (0.999493 - 0.5) / 3.5 = 0.142712 kept, the rest divided by 8.
        var kept = (628 * 0.01 / (2 * Math.PI) - 0.5) / 3.5;
        Assert.Equal(0.142712, kept, 1e-6);
        Assert.Equal(0.01 * (kept + (1 - kept) / 8), RotaryEmbedding.Frequency(config, 2), 1e-15);
        Assert.Equal(0.002498733, RotaryEmbedding.Frequency(config, 2), 1e-9);
        Assert.Equal(0.001 / 8, RotaryEmbedding.Frequency(config, 3), 1e-15);
    }

    [Fact]
    public void Yarn_ramps_from_kept_to_divided_pairs_and_scales_queries_and_keys()
    {
        // Head size 8, theta 10000, 628 positions. The pair that turns n times: 8 ln(628 / 2 pi n) / (2 ln 10000).
        // n = 10: 8 x 2.302078 / 18.420681 = 0.99978, down to 0. n = 1: 8 x 4.604663 / 18.420681 = 1.99978, up to 2.
        var config = Read(8, """ "rope_theta":10000,"rope_scaling":{"rope_type":"yarn","factor":4.0,"beta_fast":10,"beta_slow":1,"original_max_position_embeddings":628} """);
        Assert.Equal(1, RotaryEmbedding.Frequency(config, 0), 1e-15);
        Assert.Equal(0.1 * (0.5 + 0.5 / 4), RotaryEmbedding.Frequency(config, 1), 1e-15);
        Assert.Equal(0.01 / 4, RotaryEmbedding.Frequency(config, 2), 1e-15);
        Assert.Equal(0.001 / 4, RotaryEmbedding.Frequency(config, 3), 1e-15);

        // 0.1 ln 4 + 1.
        Assert.Equal(1.1386294361119891, config.Rope.Scale, 1e-15);
    }

    [Theory]
    [InlineData("\"rope_scaling\":{\"type\":\"dynamic\",\"factor\":2}", "default, linear, llama3 or yarn")]
    [InlineData("\"rope_scaling\":{\"type\":\"linear\"}", "factor of at least 1")]
    [InlineData("\"rope_scaling\":{\"rope_type\":\"llama3\",\"factor\":8}", "low_freq_factor")]
    [InlineData("\"rope_scaling\":{\"rope_type\":\"yarn\",\"factor\":4}", "original_max_position_embeddings")]
    public void What_is_missing_or_unknown_is_refused_by_name(string key, string named) =>
        Assert.Contains(named, Assert.Throws<InvalidDataException>(() => Read(8, key)).Message, StringComparison.Ordinal);

    private static PolicyConfig Read(int head, string keys) => PolicyConfig.Read(Encoding.UTF8.GetBytes(
        $$"""{"hidden_size":{{head}},"num_hidden_layers":1,"num_attention_heads":1,"intermediate_size":4,"vocab_size":3,{{keys}}}"""));
}
