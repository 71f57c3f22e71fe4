using LLama;
using LLama.Common;
using LLama.Native;

namespace GpuWorker.Tests.Models.Elsewhere;

/// <summary>Computes a GGUF file with llama.cpp on the CPU, in float32.</summary>
internal static class LlamaCpp
{
    static LlamaCpp() => NativeLibraryConfig.All.WithLogCallback((_, _) => { });

    /// <summary>The logits after each token.</summary>
    public static float[][] Logits(string model, IReadOnlyList<int> tokens, string? adapter = null)
    {
        ModelParams settings = new(model)
        {
            ContextSize = 128,
            GpuLayerCount = 0,
            Threads = 1,
            BatchThreads = 1,
            FlashAttention = false,
            TypeK = GGMLType.GGML_TYPE_F32,
            TypeV = GGMLType.GGML_TYPE_F32,
        };
        using var weights = LLamaWeights.LoadFromFile(settings);
        using var context = weights.CreateContext(settings);
        if (adapter is not null)
            context.NativeHandle.SetLoraAdapters([(weights.NativeHandle.LoadLoraFromFile(adapter), 1f)]);
        LLamaBatch batch = new();
        for (var i = 0; i < tokens.Count; i++)
            batch.Add(tokens[i], i, LLamaSeqId.Zero, logits: true);
        Assert.Equal(DecodeResult.Ok, context.NativeHandle.Decode(batch));
        return [.. Enumerable.Range(0, tokens.Count).Select(i => context.NativeHandle.GetLogitsIth(i).ToArray())];
    }
}
