using Curriculum.Problems;
using GpuWorker.Checkpoints;
using GpuWorker.Execution;
using GpuWorker.Policies;
using GpuWorker.Tokenizers;
using static TorchSharp.torch;

namespace GpuWorker.Tests.Policies;

[Trait("Speed", "fast")]
public sealed class PolicyWeightsTests
{
    public PolicyWeightsTests()
    {
        set_num_threads(1);
        NoGcRegion.Renew();
    }

    [Fact]
    public void A_tensor_is_created_where_libstdcxx_is_older_than_libtorch_asks()
    {
        using var two = ones(1) + 1;
        Assert.Equal(2f, two.item<float>());
    }

    [Fact]
    public void Names_are_those_of_a_llama_model()
    {
        using var weights = PolicyWeights.Random(PolicyConfig.Small("ab"), 1, CPU);
        var names = SafetensorsFile.Read(weights.ToSafetensors()).Keys;
        Assert.Contains("model.embed_tokens.weight", names);
        Assert.Contains("model.layers.2.self_attn.q_proj.weight", names);
        Assert.Contains("model.layers.0.mlp.down_proj.weight", names);
        Assert.Contains("model.norm.weight", names);
        Assert.Equal(2 + 3 * 7, names.Count());
    }

    [Fact]
    public void A_checkpoint_is_written_back_byte_for_byte()
    {
        var config = PolicyConfig.Small(TwoDials.Characters);
        using var random = PolicyWeights.Random(config, 3, CPU);
        var file = random.ToSafetensors();
        using var loaded = PolicyWeights.Load(config, file, CPU);
        Assert.Equal(file.ToArray(), loaded.ToSafetensors().ToArray());
    }

    [Fact]
    public void A_missing_a_misshapen_a_foreign_and_a_non_finite_tensor_are_refused_by_name()
    {
        var config = PolicyConfig.Small("ab");
        using var weights = PolicyWeights.Random(config, 1, CPU);
        var whole = SafetensorsFile.Read(weights.ToSafetensors()).ToDictionary();
        string Refusal(Action<Dictionary<string, StoredTensor>> spoil)
        {
            Dictionary<string, StoredTensor> parts = new(whole);
            spoil(parts);
            return Assert.Throws<InvalidDataException>(() => PolicyWeights.Load(config, SafetensorsFile.Write(parts), CPU)).Message;
        }

        Assert.Contains("model.norm.weight", Refusal(parts => parts.Remove("model.norm.weight")), StringComparison.Ordinal);
        Assert.Contains("[64], found [32]", Refusal(parts => parts["model.norm.weight"] = new(StoredType.F32, [32], new byte[128])), StringComparison.Ordinal);
        Assert.Contains("extra", Refusal(parts => parts["extra"] = new(StoredType.F32, [1], new byte[4])), StringComparison.Ordinal);
        var nan = new byte[256];
        BitConverter.GetBytes(float.NaN).CopyTo(nan, 0);
        Assert.Contains("finite", Refusal(parts => parts["model.norm.weight"] = new(StoredType.F32, [64], nan)), StringComparison.Ordinal);
    }

    [Fact]
    public void Random_weights_are_a_function_of_the_seed()
    {
        var config = PolicyConfig.Small("ab");
        using var first = PolicyWeights.Random(config, 1, CPU);
        using var same = PolicyWeights.Random(config, 1, CPU);
        using var other = PolicyWeights.Random(config, 2, CPU);
        Assert.Equal(first.ToSafetensors().ToArray(), same.ToSafetensors().ToArray());
        Assert.NotEqual(first.ToSafetensors().ToArray(), other.ToSafetensors().ToArray());
    }

    [Fact]
    public void The_tokenizer_names_a_character_that_it_does_not_know()
    {
        CharacterTokenizer tokenizer = new("ab?");
        Assert.Equal([1, 0, 2], tokenizer.Encode("ba?"));
        Assert.Equal("ba?", tokenizer.Decode([1, 0, 2]));
        Assert.Contains("'c' (U+0063)", Assert.Throws<FormatException>(() => tokenizer.Encode("abc")).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidDataException>(() => new CharacterTokenizer("aba"));
    }
}
