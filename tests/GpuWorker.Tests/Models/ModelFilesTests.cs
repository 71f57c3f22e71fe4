using System.Text;
using System.Text.Json.Nodes;
using Curriculum.Texts;
using GpuWorker.Checkpoints;
using GpuWorker.Execution;
using GpuWorker.Models;
using GpuWorker.Policies;
using GpuWorker.Tests.Policies;
using static TorchSharp.torch;

namespace GpuWorker.Tests.Models;

/// <summary>Folders whose index, shards and tensors do not fit each other, and those with tensors that follow from others.</summary>
[Trait("Speed", "fast")]
public sealed class ModelFilesTests
{
    private static readonly PolicyConfig Tied = QwenTests.Family("llama", tied: true, biases: false);

    public ModelFilesTests()
    {
        set_num_threads(1);
        NoGcRegion.Renew();
    }

    [Fact]
    public void A_shard_that_the_index_names_and_the_folder_lacks_is_named()
    {
        var index = Index(("a", "model-00001-of-00002.safetensors"), ("b", "model-00002-of-00002.safetensors"));
        string[] names = ["config.json", "model-00001-of-00002.safetensors", ModelFiles.Index];
        Assert.Contains("missing: model-00002-of-00002.safetensors", Refusal(() => ModelFiles.Of(names, index)), StringComparison.Ordinal);
        Assert.Equal(
            ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"],
            ModelFiles.Of([.. names, "model-00002-of-00002.safetensors"], index).Weights);
        Assert.Contains("or shards with", Refusal(() => ModelFiles.Of(names, null)), StringComparison.Ordinal);
        Assert.Contains("Expected config.json", Refusal(() => ModelFiles.Of([ModelFiles.SingleFile], null)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"weight_map":{"a":"../secret.safetensors"}}""")]
    [InlineData("""{"weight_map":{"a":"..\\secret.safetensors"}}""")]
    [InlineData("""{"weight_map":{"a":7}}""")]
    [InlineData("""{"weight_map":{}}""")]
    [InlineData("""{"weight_map":[]}""")]
    [InlineData("""{"weight_map":{"a":"x.safetensors","a":"y.safetensors"}}""")]
    [InlineData("""{"metadata":{}}""")]
    [InlineData("""[]""")]
    [InlineData("""{""")]
    public void What_is_no_index_is_refused_by_name(string json) =>
        Assert.Contains(ModelFiles.Index, Refusal(() => ModelFiles.WeightMap(Encoding.UTF8.GetBytes(json))), StringComparison.Ordinal);

    [Fact]
    public void An_index_that_differs_from_its_files_is_refused_with_every_difference()
    {
        var index = Index(("a", "1"), ("b", "1"), ("c", "2"));
        ModelFiles.CheckIndex(index, [("a", "1"), ("b", "1"), ("c", "2")]);
        var refused = Refusal(() => ModelFiles.CheckIndex(index, [("a", "1"), ("b", "2"), ("d", "2")]));
        Assert.Contains("missing: b in 1, c in 2; unknown: b in 2, d in 2", refused, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_models_check_reads_its_index_too()
    {
        var (first, second) = Halves(Tensors());
        var config = (Tied with { Characters = string.Concat(Enumerable.Range('!', Tied.VocabSize).Select(character => (char)character)) }).ToBytes();
        (string, StoredBytes)[] shards = [("1", first), ("2", second)];
        (string, string)[] map = [.. SafetensorsFile.Read(first).Keys.Select(name => (name, "1")), .. SafetensorsFile.Read(second).Keys.Select(name => (name, "2"))];
        Assert.Equal(config, (await ModelCheck.RunAsync(config, shards, Index(map), new(_ => null), () => Task.CompletedTask)).ToBytes());
        var refused = await Assert.ThrowsAsync<InvalidDataException>(() => ModelCheck.RunAsync(config, shards, Index(map[1..]), new(_ => null), () => Task.CompletedTask));
        Assert.Contains($"unknown: {map[0].Item1} in 1", refused.Message, StringComparison.Ordinal);

        Assert.Equal(TokenizerRule.Missing,
            (await Assert.ThrowsAsync<InvalidDataException>(() => ModelCheck.RunAsync(Tied.ToBytes(), shards, Index(map), new(_ => null), () => Task.CompletedTask))).Message);
    }

    [Fact]
    public void A_tensor_in_two_files_is_refused_by_name()
    {
        var (first, second) = Halves(Tensors());
        var both = SafetensorsFile.Read(second).ToDictionary();
        both["model.embed_tokens.weight"] = SafetensorsFile.Read(first)["model.embed_tokens.weight"];
        Assert.Contains(
            "in more than one file model.embed_tokens.weight",
            Refusal(() => CheckpointTensors.Read([first, SafetensorsFile.Write(both)], new(Tied))),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Frequencies_and_the_second_copy_of_a_tied_embedding_are_passed_over()
    {
        using var plain = PolicyWeights.Load(Tied, SafetensorsFile.Write(Tensors()), CPU);
        var derived = Tensors();
        derived["model.layers.0.self_attn.rotary_emb.inv_freq"] = new(StoredType.F32, [1], new byte[4]);
        derived["lm_head.weight"] = derived["model.embed_tokens.weight"];
        using var loaded = PolicyWeights.Load(Tied, SafetensorsFile.Write(derived), CPU);
        Assert.Equal(PolicyAdapterTests.Logits(plain), PolicyAdapterTests.Logits(loaded));

        // A head that is another one is not passed over: its last number is.
        var other = derived["lm_head.weight"].Data.ToArray();
        other[^1] ^= 1;
        derived["lm_head.weight"] = derived["lm_head.weight"] with { Data = other };
        Assert.Contains(
            "lm_head.weight differs from model.embed_tokens.weight, although config.json ties them: set tie_word_embeddings to false",
            Refusal(() => PolicyWeights.Load(Tied, SafetensorsFile.Write(derived), CPU)), StringComparison.Ordinal);
        derived["lm_head.weight"] = derived["model.embed_tokens.weight"];

        // What is passed over in a tied model is wanted in another.
        var untied = QwenTests.Family("llama", tied: false, biases: false);
        Assert.Contains("missing lm_head.weight", Refusal(() => PolicyWeights.Load(untied, SafetensorsFile.Write(Tensors()), CPU)), StringComparison.Ordinal);
        using var own = PolicyWeights.Load(untied, SafetensorsFile.Write(derived), CPU);
        Assert.Equal(PolicyAdapterTests.Logits(plain), PolicyAdapterTests.Logits(own));
    }

    private static Dictionary<string, StoredTensor> Tensors()
    {
        using var policy = PolicyWeights.Random(Tied, 4, CPU);
        return SafetensorsFile.Read(policy.ToSafetensors()).ToDictionary();
    }

    private static (StoredBytes First, StoredBytes Second) Halves(Dictionary<string, StoredTensor> tensors)
    {
        var sorted = tensors.OrderBy(pair => pair.Key, StringComparer.Ordinal).ToArray();
        return (SafetensorsFile.Write(sorted[..4]), SafetensorsFile.Write(sorted[4..]));
    }

    private static byte[] Index(params (string Tensor, string File)[] map) => Encoding.UTF8.GetBytes(new JsonObject
    {
        ["weight_map"] = new JsonObject(map.Select(pair => KeyValuePair.Create(pair.Tensor, (JsonNode?)pair.File))),
    }.ToJsonString());

    private static string Refusal(Action action) => Assert.Throws<InvalidDataException>(action).Message;
}
