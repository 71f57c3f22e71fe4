using Curriculum.Plans;
using Curriculum.Texts;
using Curriculum.Work;
using GpuWorker.Checkpoints;
using GpuWorker.Policies;
using GpuWorker.Tests.Policies;
using GpuWorker.Tests.Tokenizers;
using GpuWorker.Worker;
using static TorchSharp.torch;

namespace GpuWorker.Tests.Worker;

[Trait("Speed", "slow")]
public class ImportTests(AzuriteFixture azurite) : WorkerTest(azurite)
{
    [Fact]
    public async Task A_sharded_model_becomes_a_base_whose_blobs_are_the_files()
    {
        var (first, second) = await UploadAsync();
        await StartWorkerAsync(FakeExecutor.Answering());
        var item = Import();
        await DispatchAsync(item);
        var state = Assert.IsType<UpdateOutput>((await ResultAsync(item.Id)).Output).State;

        Assert.Equal($"{Run}/base", state.Folder);
        var loaded = await new StateLoader(WorkerStorage.Open(new() { ConnectionString = ConnectionString }), new(0)).LoadAsync(state, [], () => Task.CompletedTask, Token);
        Assert.Equal(Precision.BFloat16, loaded.Manifest.Precision);
        Assert.Equal(["config", "policy.00001", "policy.00002", "tokenizer"], loaded.Parts.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(first, loaded.Parts["policy.00001"].ToArray());
        Assert.Equal(second, loaded.Parts["policy.00002"].ToArray());
        Assert.Equal(Sha256Hex.Of(first), loaded.Manifest.Parts["policy.00001"].Sha256);
    }

    [Fact]
    public async Task A_chat_template_whose_tokens_the_tokenizer_lacks_is_refused_before_anything_is_stored()
    {
        await UploadAsync();
        await Blob(StorageNames.ModelsContainer, $"{Run}/tokenizer.json").UploadAsync(BinaryData.FromBytes(SmallTokenizer.Json()), overwrite: true, Token);
        await StartWorkerAsync(FakeExecutor.Answering());
        var item = Import() with { Chat = new() { Format = ChatFormat.Qwen3 } };
        await DispatchAsync(item);
        Assert.Contains("control token <think>", (await ResultAsync(item.Id)).Failure!.Message, StringComparison.Ordinal);
        Assert.False(await Blob(StorageNames.RunsContainer, StorageNames.StateBlob($"{Run}/base")).ExistsAsync(Token));
    }

    [Fact]
    public async Task What_is_missing_unknown_or_not_finite_is_listed_and_nothing_is_stored()
    {
        await UploadAsync(tensors =>
        {
            tensors.Remove("model.layers.0.mlp.up_proj.weight");
            tensors.Remove("model.layers.1.self_attn.k_proj.bias");
            tensors["model.layers.7.mlp.up_proj.weight"] = tensors["model.norm.weight"];
        });
        await StartWorkerAsync(FakeExecutor.Answering());
        var item = Import();
        await DispatchAsync(item);
        var failure = (await ResultAsync(item.Id)).Failure!;

        Assert.Equal("bad-item", failure.Kind);
        Assert.Contains("missing model.layers.0.mlp.up_proj.weight, model.layers.1.self_attn.k_proj.bias; unknown model.layers.7.mlp.up_proj.weight", failure.Message, StringComparison.Ordinal);
        Assert.False(await Blob(StorageNames.RunsContainer, StorageNames.StateBlob($"{Run}/base")).ExistsAsync(Token));
    }

    [Theory]
    [InlineData("{}", 262, "tokenizer.json")]
    [InlineData("not JSON", 262, "tokenizer.json")]
    [InlineData(null, 259, "Expected a tokenizer.json with ids below config.json's vocab_size of 259, found 259")]
    public async Task A_tokenizer_that_no_rollout_could_read_is_refused_with_its_reason(string? json, int vocabulary, string reason)
    {
        await UploadAsync(tokenizer: json is null ? null : System.Text.Encoding.UTF8.GetBytes(json), vocabulary: vocabulary);
        await StartWorkerAsync(FakeExecutor.Answering());
        var item = Import();
        await DispatchAsync(item);
        var failure = (await ResultAsync(item.Id)).Failure!;

        Assert.Equal("bad-item", failure.Kind);
        Assert.Contains("cannot be imported: ", failure.Message, StringComparison.Ordinal);
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        Assert.False(await Blob(StorageNames.RunsContainer, StorageNames.StateBlob($"{Run}/base")).ExistsAsync(Token));
    }

    [Fact]
    public void A_number_that_is_none_is_found_in_any_block_of_any_type()
    {
        foreach (var (type, bytes, at) in ((StoredType, byte[], int)[])[(StoredType.F32, BitConverter.GetBytes(float.NaN), 4), (StoredType.BF16, [0x80, 0x7F], 2), (StoredType.F16, [0x00, 0xFC], 2)])
        {
            var data = new byte[StoredBytes.Block + 64];
            Assert.True(FiniteCheck.All(new(type, [data.Length / at], data)));
            bytes.CopyTo(data, data.Length - at);
            Assert.False(FiniteCheck.All(new(type, [data.Length / at], data)));
        }
    }

    [Fact]
    public async Task A_model_that_cannot_be_trained_in_this_workers_memory_is_refused_before_anything_is_stored()
    {
        await UploadAsync();
        await StartWorkerAsync(FakeExecutor.Answering(), memoryMegabytes: 1);
        var item = Import() with { Trainings = [new("stage 1 of arm 'sft'", new() { MicroBatchTokens = 65_536 })] };
        await DispatchAsync(item);
        var failure = (await ResultAsync(item.Id)).Failure!;

        Assert.Contains("Expected training to fit into this worker's 1 MB", failure.Message, StringComparison.Ordinal);
        Assert.Contains("stage 1 of arm 'sft' takes about", failure.Message, StringComparison.Ordinal);
        Assert.False(await Blob(StorageNames.RunsContainer, StorageNames.StateBlob($"{Run}/base")).ExistsAsync(Token));
    }

    private ImportItem Import() => new() { Id = Id(WorkKind.Import), Model = Run, Precision = Precision.BFloat16, OutputFolder = $"{Run}/base" };

    /// <summary>A Qwen2 model in two shards, as a person would upload it.</summary>
    private async Task<(byte[] First, byte[] Second)> UploadAsync(
        Action<Dictionary<string, StoredTensor>>? spoil = null, byte[]? tokenizer = null, int vocabulary = 262)
    {
        set_num_threads(1);
        using var policy = PolicyWeights.Random(QwenTests.Family("qwen2", tied: false, biases: false) with { VocabSize = vocabulary }, 4, CPU, ScalarType.BFloat16);
        var tensors = SafetensorsFile.Read(policy.ToSafetensors()).ToDictionary();
        spoil?.Invoke(tensors);
        var half = tensors.Count / 2;
        var shards = tensors.OrderBy(pair => pair.Key, StringComparer.Ordinal).Chunk(half + 1).ToArray();
        var files = shards.Select(shard => SafetensorsFile.Write(shard).ToArray()).ToArray();
        string Name(int shard) => $"model-0000{shard + 1}-of-00002.safetensors";
        var map = shards.SelectMany((shard, i) => shard.Select(pair => $"\"{pair.Key}\":\"{Name(i)}\""));
        async Task PutAsync(string file, byte[] bytes) =>
            await Blob(StorageNames.ModelsContainer, $"{Run}/{file}").UploadAsync(BinaryData.FromBytes(bytes), overwrite: true, Token);
        await WorkerStorage.Open(new() { ConnectionString = ConnectionString }).EnsureAsync(Token);
        await PutAsync("config.json", policy.Config.ToBytes());
        await PutAsync("tokenizer.json", tokenizer ?? SmallTokenizer.Json());
        await PutAsync("README.md", "Not part of a model."u8.ToArray());
        await PutAsync("model.safetensors.index.json", System.Text.Encoding.UTF8.GetBytes($"{{\"weight_map\":{{{string.Join(",", map)}}}}}"));
        for (var i = 0; i < files.Length; i++)
            await PutAsync(Name(i), files[i]);
        return (files[0], files[1]);
    }
}
