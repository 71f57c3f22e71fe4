using Curriculum.Texts;
using Curriculum.Work;
using GpuWorker.Checkpoints;
using GpuWorker.Execution;
using GpuWorker.Items;
using GpuWorker.Policies;
using GpuWorker.Worker;
using Testing;
using static TorchSharp.torch;

namespace EndToEnd.Tests;

/// <summary>The logits of a stored state, and of folders that were exported, read from the files alone.</summary>
internal static class ExportedModel
{
    /// <summary>The logits of a model folder, with the adapter of another folder on it where one is given.</summary>
    public static float[] Logits(string folder, string? adapter = null)
    {
        set_num_threads(1);
        byte[] Bytes(string from, string file) => File.ReadAllBytes(Path.Combine(from, file));
        StoredBytes[] shards = [.. Directory.GetFiles(folder, "*.safetensors").Order(StringComparer.Ordinal).Select(StoredBytes.OpenFile)];
        using var policy = PolicyWeights.Load(PolicyConfig.Read(Bytes(folder, "config.json")), shards, CPU);
        if (adapter is not null)
            policy.Attach(PolicyAdapter.Load(policy.Layout, LoraConfig.Read(Bytes(adapter, "adapter_config.json")), Bytes(adapter, "adapter_model.safetensors"), CPU));
        return Of(policy);
    }

    /// <summary>The logits of a state of the runs container, as a worker holds it.</summary>
    public static async Task<float[]> LogitsOfStateAsync(LocalSystem stack, string folder, CancellationToken cancellationToken)
    {
        set_num_threads(1);
        var storage = WorkerStorage.Open(new() { ConnectionString = stack.Azurite.ConnectionString });
        var blob = await VerifiedBlob.DownloadAsync(storage, "runs", StorageNames.StateBlob(folder), WorkFailedException.CorruptState, cancellationToken);
        var hash = Sha256Hex.Of(StateBlob.Split(blob).Manifest.Span);
        var state = await new StateLoader(storage, new(0)).LoadAsync(new("runs", folder, hash), [], () => Task.CompletedTask, cancellationToken);
        using var policy = LoadedPolicy.Load(new(state.Parts, null) { Precision = state.Manifest.Precision }, CPU);
        return Of(policy.Weights);
    }

    /// <summary>The root of the mean square of the differences, in units of the first's own.</summary>
    public static double Distance(float[] expected, float[] found) =>
        Math.Sqrt(expected.Zip(found, (a, b) => (double)(a - b) * (a - b)).Sum() / expected.Sum(a => (double)a * a));

    private static float[] Of(PolicyWeights policy)
    {
        NoGcRegion.Renew();
        using var scope = NewDisposeScope();
        using var none = no_grad();
        long[] tokens = [1, 40, 511, 300, 77, 9, 258];
        var fused = FusedWeights.Fold(policy);
        var rotary = RotaryEmbedding.Table(policy.Config, tokens.Length, policy.Flat.dtype, CPU);
        return Transformer.Logits(fused, Transformer.HiddenStates(fused, tensor(tokens, [1, tokens.Length]), rotary)).to(ScalarType.Float32).data<float>().ToArray();
    }
}
