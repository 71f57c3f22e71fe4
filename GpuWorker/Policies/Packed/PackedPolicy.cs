using TorchSharp;
using static TorchSharp.torch;

namespace GpuWorker.Policies.Packed;

/// <summary>A policy's weights as the lanes read them, packed once per state.</summary>
/// <remarks>The scaling of scores, 1 / sqrt(head size), is in the rows of the queries, and the final norm's weight in the output matrix.</remarks>
internal sealed class PackedPolicy : IDisposable
{
    /// <summary>The largest vocabulary: a draw sums every token's probability for 16 rows.</summary>
    public const int MaxVocabulary = 512;

    /// <summary>The largest hidden size; wider policies were not measured.</summary>
    public const int MaxHidden = 256;

    /// <summary>The largest feed-forward size.</summary>
    public const int MaxFeedForward = 1024;

    public PackedPolicy(PolicyWeights weights)
    {
        using var none = inference_mode();
        using var scope = NewDisposeScope();
        var fused = FusedWeights.Fold(weights);
        Config = weights.Config;
        Embedding = fused.Embedding.contiguous().data<float>().ToArray();
        Output = new(fused.Output);
        Layers = [.. fused.Layers.Select(layer => new PackedLayer(
            new(ScaleQueries(layer.QueriesKeysValues.Weight)), new(layer.AttentionOut.Weight), new(layer.GateUp.Weight), new(layer.Down.Weight)))];
        SuppressedTokens = weights.SuppressedTokensS is { } suppressed ? [.. suppressed.data<long>().ToArray().Select(id => (int)id)] : [];
        Frequencies = [.. Enumerable.Range(0, Config.RotatedSize / 2).Select(pair => RotaryEmbedding.Frequency(Config, pair))];
    }

    public PolicyConfig Config { get; }

    /// <summary>[V, C].</summary>
    public float[] Embedding { get; }

    /// <summary>[V, C].</summary>
    public PackedMatrix Output { get; }

    public IReadOnlyList<PackedLayer> Layers { get; }

    /// <summary>The tokens that are never sampled.</summary>
    public int[] SuppressedTokens { get; }

    /// <summary>Angle per position of each pair that rotates.</summary>
    public double[] Frequencies { get; }

    public long Bytes => Output.Bytes + Layers.Sum(layer => layer.Bytes);

    /// <summary>Whether the policy is a small one of single numbers on the CPU: norms without weights, no biases, no adapter, heads of whole blocks.</summary>
    public static bool Fits(PolicyWeights weights)
    {
        var config = weights.Config;
        return weights.Flat.device.type == DeviceType.CPU
            && weights.Flat.dtype == ScalarType.Float32
            && weights.Adapter is null
            && config is { LayerNormWeights: false, QueryKeyValueBias: false, AttentionOutBias: false, QueryKeyNorms: false, MlpBias: not true }
            && config is { VocabSize: <= MaxVocabulary, HiddenSize: <= MaxHidden, IntermediateSize: <= MaxFeedForward }
            && config.HeadSize % PackedMatrix.Block == 0
            && config.HiddenSize % PackedMatrix.Block == 0
            && config.IntermediateSize % PackedMatrix.Block == 0;
    }

    public void Dispose()
    {
        Output.Dispose();
        foreach (var layer in Layers)
            layer.Dispose();
    }

    private Tensor ScaleQueries(Tensor matrix)
    {
        var queries = Config.NumAttentionHeads * Config.HeadSize;
        return cat([matrix.narrow(0, 0, queries) / Math.Sqrt(Config.HeadSize), matrix.narrow(0, queries, matrix.shape[0] - queries)]);
    }
}

/// <summary>One layer's matrices.</summary>
internal sealed record PackedLayer(PackedMatrix QueriesKeysValues, PackedMatrix AttentionOut, PackedMatrix GateUp, PackedMatrix Down) : IDisposable
{
    public long Bytes => QueriesKeysValues.Bytes + AttentionOut.Bytes + GateUp.Bytes + Down.Bytes;

    public void Dispose()
    {
        QueriesKeysValues.Dispose();
        AttentionOut.Dispose();
        GateUp.Dispose();
        Down.Dispose();
    }
}
