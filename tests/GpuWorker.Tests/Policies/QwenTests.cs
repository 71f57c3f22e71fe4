using System.Text;
using GpuWorker.Checkpoints;
using GpuWorker.Execution;
using GpuWorker.Policies;
using GpuWorker.Policies.Decoding;
using static TorchSharp.torch;

namespace GpuWorker.Tests.Policies;

/// <summary>What Qwen2 and Qwen3 add to LLaMA, against small cases worked by hand or computed number by number.</summary>
/// <remarks>
/// In the cases by hand the hidden size is 2, one head of 2, two tokens, and the feed-forward and the output product are chosen so that the state after attention
/// can be read off: gate, up and down are 0, norms are 1, and the output product is the identity.
/// </remarks>
[Trait("Speed", "fast")]
public sealed class QwenTests
{
    public QwenTests()
    {
        set_num_threads(1);
        NoGcRegion.Renew();
    }

    [Fact]
    public void Biases_on_queries_keys_and_values_count_as_worked_by_hand()
    {
        // All projections of attention are 0 but o_proj, the identity: q = bq, k = bk, v = bv = (3, 4) for every token, so attention gives (3, 4) whatever it weighs.
        // Token 0 is (1, 0): the state is (4, 4), normed to (1, 1).
        using var policy = Load("qwen2", new()
        {
            ["model.layers.0.self_attn.q_proj.bias"] = [1, 2],
            ["model.layers.0.self_attn.k_proj.bias"] = [2, 1],
            ["model.layers.0.self_attn.v_proj.bias"] = [3, 4],
        });
        var logits = Logits(policy, [0, 0]);
        Assert.Equal(1, logits[1][0], 1e-5);
        Assert.Equal(1, logits[1][1], 1e-5);
    }

    [Fact]
    public void Norms_on_queries_and_keys_count_as_worked_by_hand()
    {
        // q_proj = k_proj = v_proj = o_proj = 1, RoPE theta so large that the only pair turns by 1 a position (theta does not count for pair 0).
        // Tokens (1, 0) and (0, 1), normed to (sqrt 2, 0) and (0, sqrt 2); q_norm (1, 1) gives (sqrt 2, 0), (0, sqrt 2) again, and k_norm (2, 0.5) gives k0 = (2 sqrt 2, 0), k1 = (0, sqrt 2 / 2).
        // Turned by position: token 1's q = sqrt 2 (-sin 1, cos 1), k1 = sqrt 2 / 2 (-sin 1, cos 1), k0 stays.
        // Scores / sqrt 2: q1 k0 = -4 sin 1 / sqrt 2 = -2.38005, q1 k1 = 1 / sqrt 2 = 0.70711; weights 0.043641 and 0.956359.
        // Attention (sqrt 2)(0.043641, 0.956359) = (0.061717, 1.352496); the state (0.061717, 2.352496), over its root mean square 1.664039: (0.037089, 1.413727).
        double[] identity = [1, 0, 0, 1];
        using var policy = Load("qwen3", new()
        {
            ["model.layers.0.self_attn.q_proj.weight"] = identity,
            ["model.layers.0.self_attn.k_proj.weight"] = identity,
            ["model.layers.0.self_attn.v_proj.weight"] = identity,
            ["model.layers.0.self_attn.q_norm.weight"] = [1, 1],
            ["model.layers.0.self_attn.k_norm.weight"] = [2, 0.5],
        });
        var (far, near) = (Math.Exp(-4 * Math.Sin(1) / Math.Sqrt(2)), Math.Exp(1 / Math.Sqrt(2)));
        Assert.Equal(0.043641, far / (far + near), 1e-6);

        var logits = Logits(policy, [0, 1]);
        Assert.Equal(0.037089, logits[1][0], 2e-5);
        Assert.Equal(1.413727, logits[1][1], 2e-5);
    }

    [Theory]
    [InlineData("llama", true, true)]
    [InlineData("qwen2", true, false)]
    [InlineData("qwen3", false, false)]
    public void Every_family_agrees_with_plain_loops_over_numbers_in_prefill_and_through_the_cache(string family, bool tied, bool biases)
    {
        var config = Family(family, tied, biases);
        using var policy = PolicyWeights.Random(config, 11, CPU);
        using (no_grad())
        {
            using var noise = randn_like(policy.Flat);
            policy.Flat.add_(noise, alpha: 0.1);
        }

        long[] tokens = [3, 1, 4, 1, 5, 9, 2, 6];
        var expected = PlainLoops.Logits(config, SafetensorsFile.Read(policy.ToSafetensors()), tokens);
        var whole = Logits(policy, tokens);
        var stepped = Stepped(policy, tokens);
        for (var t = 0; t < tokens.Length; t++)
        {
            for (var v = 0; v < config.VocabSize; v++)
            {
                Assert.Equal(expected[t][v], whole[t][v], 1e-4);
                Assert.Equal(expected[t][v], stepped[t][v], 1e-4);
            }
        }
    }

    [Fact]
    public void The_names_and_shapes_of_qwens_checkpoints_are_theirs()
    {
        using var qwen2 = PolicyWeights.Random(Family("qwen2", false, false), 1, CPU);
        var names = SafetensorsFile.Read(qwen2.ToSafetensors());
        Assert.Equal([12L], names["model.layers.0.self_attn.q_proj.bias"].Shape);
        Assert.Equal([6L], names["model.layers.1.self_attn.v_proj.bias"].Shape);
        Assert.DoesNotContain("model.layers.0.self_attn.o_proj.bias", names.Keys);
        Assert.Equal([11L, 8L], names["lm_head.weight"].Shape);
        using var qwen3 = PolicyWeights.Random(Family("qwen3", true, false), 1, CPU);
        names = SafetensorsFile.Read(qwen3.ToSafetensors());
        Assert.Equal([6L], names["model.layers.0.self_attn.k_norm.weight"].Shape);
        Assert.DoesNotContain("lm_head.weight", names.Keys);
    }

    /// <summary>Hidden 8, two layers, two heads of 6 over one key-value head.</summary>
    internal static PolicyConfig Family(string family, bool tied, bool biases) => PolicyConfig.Read(Encoding.UTF8.GetBytes($$"""
        {
          "model_type": "{{family}}", "hidden_size": 8, "num_hidden_layers": 2, "num_attention_heads": 2, "num_key_value_heads": 1, "head_dim": 6,
          "intermediate_size": 12, "vocab_size": 11, "rms_norm_eps": 1e-6, "rope_theta": 500, "max_position_embeddings": 64,
          "tie_word_embeddings": {{(tied ? "true" : "false")}}, {{(biases ? "\"attention_bias\": true, \"mlp_bias\": true," : "")}}
          "rope_scaling": { "rope_type": "yarn", "factor": 2.0, "original_max_position_embeddings": 32 }
        }
        """));

    private static PolicyWeights Load(string family, Dictionary<string, double[]> some)
    {
        var config = PolicyConfig.Read(Encoding.UTF8.GetBytes(
            $$"""{"model_type":"{{family}}","hidden_size":2,"num_hidden_layers":1,"num_attention_heads":1,"head_dim":2,"intermediate_size":2,"vocab_size":2,"rms_norm_eps":1e-12,"rope_theta":7}"""));
        double[] identity = [1, 0, 0, 1];
        var tensors = new PolicyLayout(config).Slots.ToDictionary(slot => slot.Name, slot =>
        {
            var values = some.TryGetValue(slot.Name, out var given) ? given
                : slot.Name.Contains("norm", StringComparison.Ordinal) ? [1, 1]
                : slot.Name is "model.embed_tokens.weight" or "lm_head.weight" || slot.Name.Contains("o_proj", StringComparison.Ordinal) ? identity
                : new double[slot.Length];
            return new StoredTensor(StoredType.F32, slot.Shape, values.SelectMany(value => BitConverter.GetBytes((float)value)).ToArray());
        });
        return PolicyWeights.Load(config, SafetensorsFile.Write(tensors), CPU);
    }

    private static float[][] Logits(PolicyWeights policy, long[] tokens)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var fused = FusedWeights.Fold(policy);
        var rotary = RotaryEmbedding.Table(policy.Config, tokens.Length, ScalarType.Float32, CPU);
        var logits = Transformer.Logits(fused, Transformer.HiddenStates(fused, tensor(tokens, [1, tokens.Length]), rotary))[0];
        return [.. Enumerable.Range(0, tokens.Length).Select(t => logits[t].data<float>().ToArray())];
    }

    private static float[][] Stepped(PolicyWeights policy, long[] tokens)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var fused = FusedWeights.Fold(policy);
        var rotary = RotaryEmbedding.Table(policy.Config, tokens.Length, ScalarType.Float32, CPU);
        KeyValueCache read = new(policy.Config, 1, 1, ScalarType.Float32, CPU);
        using CachedDecoder decoder = new(fused, read, null, [0], tokens.Length - 1);
        var first = Transformer.Logits(fused, Transformer.HiddenStates(fused, tensor(tokens[..1], [1, 1]), rotary, read).select(1, 0));
        return [.. tokens.Select((token, t) => (t == 0 ? first : decoder.Next(tensor(new[] { token }), rotary.narrow(0, t, 1)))[0].data<float>().ToArray())];
    }
}
