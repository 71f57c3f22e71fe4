using System.Text;
using Curriculum.Problems;
using GpuWorker.Execution;
using GpuWorker.Policies;
using static TorchSharp.torch;

namespace GpuWorker.Tests.Policies;

[Trait("Speed", "fast")]
public sealed class PolicyConfigTests
{
    public PolicyConfigTests()
    {
        set_num_threads(1);
        NoGcRegion.Renew();
    }

    private const string Least =
        """{"hidden_size":8,"num_hidden_layers":1,"num_attention_heads":2,"intermediate_size":4,"vocab_size":3""";

    [Fact]
    public void Absent_keys_take_their_defaults()
    {
        var config = Read($$"""{{Least}},"torch_dtype":"float32"}""");

        Assert.Equal((1e-6, 10_000, 1, 2, 4, 4), (config.RmsNormEps, config.Theta, config.RotatedShare, config.KeyValueHeads, config.HeadSize, config.RotatedSize));
        Assert.False(config.TieWordEmbeddings);

        // As the families' own classes have it.
        Assert.Equal(128, Read($$"""{{Least}},"model_type":"qwen3"}""").HeadSize);
        Assert.True(Read($$"""{{Least}},"model_type":"qwen2","attention_bias":false}""") is { QueryKeyValueBias: true, AttentionOutBias: false });
    }

    // The config.json files of Qwen2.5-0.5B-Instruct, Qwen3-0.6B as newer programs save it, and Llama-3.2-1B-Instruct, but for their sizes.
    [Theory]
    [InlineData("""
        "architectures":["Qwen2ForCausalLM"],"attention_dropout":0.0,"bos_token_id":151643,"eos_token_id":151645,"hidden_act":"silu","initializer_range":0.02,
        "max_position_embeddings":32768,"max_window_layers":21,"model_type":"qwen2","rms_norm_eps":1e-06,"rope_theta":1000000.0,"sliding_window":32768,
        "tie_word_embeddings":true,"torch_dtype":"bfloat16","transformers_version":"4.43.1","use_cache":true,"use_sliding_window":false
        """, 1_000_000, "default")]
    [InlineData("""
        "architectures":["Qwen3ForCausalLM"],"attention_bias":false,"attention_dropout":0.0,"bos_token_id":null,"dtype":"bfloat16","eos_token_id":151645,"head_dim":128,
        "hidden_act":"silu","initializer_range":0.02,"layer_types":["full_attention"],"max_position_embeddings":40960,"max_window_layers":28,"model_type":"qwen3",
        "pad_token_id":null,"rms_norm_eps":1e-06,"rope_parameters":{"rope_theta":1000000,"rope_type":"default"},"sliding_window":null,
        "tie_word_embeddings":true,"transformers_version":"5.0.0","use_cache":true,"use_sliding_window":false
        """, 1_000_000, "default")]
    [InlineData("""
        "architectures":["LlamaForCausalLM"],"attention_bias":false,"attention_dropout":0.0,"bos_token_id":128000,"eos_token_id":[128001,128008,128009],"head_dim":64,
        "hidden_act":"silu","initializer_range":0.02,"max_position_embeddings":131072,"mlp_bias":false,"model_type":"llama","pretraining_tp":1,"rms_norm_eps":1e-05,
        "rope_scaling":{"factor":32.0,"high_freq_factor":4.0,"low_freq_factor":1.0,"original_max_position_embeddings":8192,"rope_type":"llama3"},
        "rope_theta":500000.0,"tie_word_embeddings":true,"torch_dtype":"bfloat16","transformers_version":"4.45.0.dev0","use_cache":true
        """, 500_000, "llama3")]
    public void What_model_folders_have_is_read(string keys, double theta, string kind)
    {
        var config = Read($"{Least},{keys}}}");
        Assert.Equal((theta, kind), (config.Theta, config.Rope.Kind));
        Assert.Equal(config.Others?.Count, PolicyConfig.Read(config.ToBytes()).Others?.Count);
    }

    // Where a key stands does not change what it does.
    [Theory]
    [InlineData("\"rope_theta\":500,\"partial_rotary_factor\":0.5,\"rope_scaling\":{\"type\":\"linear\",\"factor\":2}")]
    [InlineData("\"rope_parameters\":{\"rope_theta\":500,\"partial_rotary_factor\":0.5,\"rope_type\":\"linear\",\"factor\":2}")]
    [InlineData("\"rope_theta\":500,\"rope_scaling\":{\"type\":\"linear\",\"factor\":2},\"rope_parameters\":{\"partial_rotary_factor\":0.5,\"rope_theta\":500,\"rope_type\":\"linear\",\"factor\":2}")]
    public void Positions_are_turned_alike_wherever_their_keys_stand(string keys)
    {
        // Heads of 4, of which 2 dimensions rotate: one pair, by half a radian a position.
        var config = Read($"{Least},{keys}}}");
        Assert.Equal((500, 2, 0.5), (config.Theta, config.RotatedSize, RotaryEmbedding.Frequency(config, 0)));
        Assert.Equal(0, RotaryEmbedding.Frequency(config, 1));
    }

    [Theory]
    [InlineData("\"use_sliding_window\":true", "attention over all positions")]
    [InlineData("\"model_type\":\"mixtral\"", "model_type llama, qwen2 or qwen3")]
    [InlineData("\"hidden_act\":\"gelu\"", "hidden_act silu")]
    [InlineData("\"rope_scaling\":{\"type\":\"linear\"}", "rope_scaling factor of at least 1")]
    [InlineData("\"num_key_value_heads\":3", "multiple of num_key_value_heads")]
    [InlineData("\"head_dim\":3", "even head size")]
    [InlineData("\"characters\":\"abcd\"", "no more characters than vocab_size")]
    [InlineData("\"rope_theta\":500,\"rope_parameters\":{\"rope_theta\":700}", "one rope_theta, found 500, 700")]
    [InlineData("\"partial_rotary_factor\":1,\"rope_parameters\":{\"partial_rotary_factor\":0.5}", "one partial_rotary_factor, found 1, 0.5")]
    [InlineData("\"rope_scaling\":{\"type\":\"linear\",\"factor\":2},\"rope_parameters\":{\"rope_theta\":500}", "rope_scaling and rope_parameters that agree")]
    [InlineData("\"rope_scaling\":{\"type\":\"linear\",\"factor\":2},\"rope_parameters\":{\"rope_type\":\"linear\",\"factor\":4}", "rope_scaling and rope_parameters that agree")]
    [InlineData("\"rope_scaling\":{\"type\":\"mrope\",\"rope_type\":\"default\"}", "one type of rope_scaling, found default as rope_type and mrope as type")]
    [InlineData("\"rope_scaling\":{\"rope_type\":\"default\",\"mrope_section\":[1]}", "of the type default without mrope_section")]
    [InlineData("\"rope_scaling\":{\"factor\":4}", "of the type default without factor")]
    [InlineData("\"rope_scaling\":{\"type\":\"linear\",\"factor\":4,\"beta_fast\":1}", "of the type linear without beta_fast")]
    [InlineData("\"rope_parameters\":{\"full_attention\":{\"rope_theta\":5},\"sliding_attention\":{\"rope_theta\":6}}", "without full_attention, sliding_attention")]
    [InlineData("\"rope_scaling\":{\"type\":\"longrope\",\"long_factor\":[1]}", "of the type longrope without long_factor")]
    [InlineData("\"rope_scaling\":{\"type\":\"dynamic\",\"factor\":2}", "rope_scaling of the type default, linear, llama3 or yarn")]
    [InlineData("\"final_logit_softcapping\":30,\"attention_multiplier\":0.5", "only known keys, found attention_multiplier, final_logit_softcapping:")]
    [InlineData("\"layer_types\":[\"full_attention\",\"sliding_attention\"]", "full_attention for every layer as layer_types")]
    [InlineData("\"use_mrope\":true", "false as use_mrope, found true")]
    [InlineData("\"attention_dropout\":0.1", "0 as attention_dropout, found 0.1")]
    [InlineData("\"quantization_config\":{\"bits\":4}", "found quantization_config")]
    [InlineData("\"no_rope_layers\":[1]", "found no_rope_layers")]
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
