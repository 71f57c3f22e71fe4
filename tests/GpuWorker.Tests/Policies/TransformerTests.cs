using GpuWorker.Execution;
using GpuWorker.Policies;
using static TorchSharp.torch;

namespace GpuWorker.Tests.Policies;

[Trait("Speed", "fast")]
public sealed class TransformerTests
{
    public TransformerTests()
    {
        set_num_threads(1);
        NoGcRegion.Renew();
    }

    [Fact]
    public void A_token_sees_no_later_token()
    {
        using var scope = NewDisposeScope();
        using var weights = PolicyWeights.Random(PolicyConfig.Small("abcdefgh"), 1, CPU);
        var one = Hidden(weights, [1, 2, 3, 4, 5, 6]);
        var other = Hidden(weights, [1, 2, 3, 7, 0, 0]);
        Assert.True(one.narrow(1, 0, 3).allclose(other.narrow(1, 0, 3), 0, 1e-6));
        Assert.False(one.narrow(1, 3, 1).allclose(other.narrow(1, 3, 1), 0, 1e-3));
    }

    [Fact]
    public void Half_of_a_heads_pairs_turn_by_the_position_and_half_stay()
    {
        // 16 dimensions, factor 0.5: pairs 0-3 turn by 100^(-pair / 4) a position, pairs 4-7 by nothing.
        var config = PolicyConfig.Small("ab");
        Assert.Equal(8, config.RotatedSize);
        double[] expected = [1, 0.31622776601683794, 0.1, 0.0316227766016838, 0, 0, 0, 0];
        for (var pair = 0; pair < 8; pair++)
            Assert.Equal(expected[pair], RotaryEmbedding.Frequency(config, pair), 1e-12);
        Assert.Equal([0, 4, 1, 5, 2, 6, 3, 7, 8, 9, 10, 11, 12, 13, 14, 15], RotaryEmbedding.Order(config));
    }

    [Fact]
    public void Tokens_of_another_shape_are_refused()
    {
        using var scope = NewDisposeScope();
        using var weights = PolicyWeights.Random(PolicyConfig.Small("ab"), 1, CPU);
        var rotary = RotaryEmbedding.Table(weights.Config, 4, ScalarType.Float32, CPU);
        var error = Assert.Throws<ArgumentException>(() => Transformer.HiddenStates(FusedWeights.Fold(weights), zeros(3, dtype: ScalarType.Int64), rotary));
        Assert.Contains("[B, T], found shape [3]", error.Message, StringComparison.Ordinal);
    }

    private static Tensor Hidden(PolicyWeights weights, long[] tokens)
    {
        using var none = no_grad();
        return Transformer.HiddenStates(
            FusedWeights.Fold(weights), tensor(tokens, [1, tokens.Length]), RotaryEmbedding.Table(weights.Config, tokens.Length, ScalarType.Float32, CPU));
    }
}
