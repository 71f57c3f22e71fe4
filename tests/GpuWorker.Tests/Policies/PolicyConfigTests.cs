using System.Text;
using Curriculum.Problems;
using GpuWorker.Execution;
using GpuWorker.Policies;
using static TorchSharp.torch;

namespace GpuWorker.Tests.Policies;

public sealed class PolicyConfigTests
{
    public PolicyConfigTests()
    {
        set_num_threads(1);
        CollectorPause.Renew();
    }

    private const string Least =
        """{"hidden_size":8,"num_hidden_layers":1,"num_attention_heads":2,"intermediate_size":4,"vocab_size":3""";

    [Fact]
    public void Absent_keys_take_their_defaults_and_unknown_ones_are_passed_over()
    {
        var config = Read($$"""{{Least}},"torch_dtype":"float32"}""");

        Assert.Equal((1e-6, 10_000, 1, 2, 4, 4), (config.RmsNormEps, config.RopeTheta, config.PartialRotaryFactor, config.KeyValueHeads, config.HeadSize, config.RotatedSize));
        Assert.False(config.TieWordEmbeddings);
    }

    [Theory]
    [InlineData("\"use_sliding_window\":true", "attention over all positions")]
    [InlineData("\"model_type\":\"mixtral\"", "model_type llama, qwen2 or qwen3")]
    [InlineData("\"hidden_act\":\"gelu\"", "hidden_act silu")]
    [InlineData("\"rope_scaling\":{\"type\":\"linear\"}", "rope_scaling factor of at least 1")]
    [InlineData("\"num_key_value_heads\":3", "multiple of num_key_value_heads")]
    [InlineData("\"head_dim\":3", "even head size")]
    [InlineData("\"characters\":\"abcd\"", "no more characters than vocab_size")]
    public void Another_kind_of_transformer_is_refused_by_name(string key, string named)
    {
        var error = Assert.Throws<InvalidDataException>(() => Read($"{Least},{key}}}"));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_small_policy_has_143616_parameters()
    {
        // 35 x 64 embedding, 3 layers of 4 x 64 x 64 + 3 x 64 x 160, and a final norm of 64.
        using var weights = PolicyWeights.Random(PolicyConfig.Small(TwoDials.Characters), 1, CPU);
        Assert.Equal(143_616, weights.Flat.numel());
    }

    [Fact]
    public void A_configuration_is_read_back_as_written()
    {
        var config = PolicyConfig.Small("abc?");
        Assert.Equal(config, PolicyConfig.Read(config.ToBytes()));
    }

    private static PolicyConfig Read(string json) => PolicyConfig.Read(Encoding.UTF8.GetBytes(json));
}
