using System.Text;
using Curriculum.Problems;
using GpuWorker.Policies;

namespace ModelScale;

/// <summary>The shapes that are measured.</summary>
internal static class Shapes
{
    /// <summary>Qwen2.5-0.5B: 494,032,768 parameters.</summary>
    public static PolicyConfig HalfBillion { get; } = Qwen(896, 24, 14, 2, 4864, 151_936);

    /// <summary>Of the same family, small enough to train here.</summary>
    public static PolicyConfig Forty { get; } = Qwen(512, 8, 8, 2, 1408, 32_000);

    /// <summary>The small policy, 143,616 parameters.</summary>
    public static PolicyConfig Small { get; } = PolicyConfig.Small(TwoDials.Characters);

    /// <summary>Of its kind, 807,424 parameters.</summary>
    public static PolicyConfig Wide { get; } = Small with { HiddenSize = 128, NumHiddenLayers = 4, IntermediateSize = 352 };

    /// <summary>Weights of all layers' matrices.</summary>
    public static double LayerWeights(PolicyConfig config)
    {
        double queries = config.NumAttentionHeads * config.HeadSize;
        return config.NumHiddenLayers
            * (config.HiddenSize * (queries + 2.0 * config.KeyValueHeads * config.HeadSize) + queries * config.HiddenSize + 3.0 * config.HiddenSize * config.IntermediateSize);
    }

    /// <summary>For each feature that attention has: tokens seen by so many tokens in a row, of which the first sees so many before it and itself.</summary>
    public static double Attended(PolicyConfig config, int before, int tokens) =>
        config.NumAttentionHeads * config.HeadSize * (double)config.NumHiddenLayers * (tokens * (double)before + tokens * (tokens + 1) / 2.0);

    public static PolicyConfig Qwen(int hidden, int layers, int heads, int keyValueHeads, int feedForward, int vocabulary) => PolicyConfig.Read(Encoding.UTF8.GetBytes($$"""
        {"model_type":"qwen2","hidden_size":{{hidden}},"num_hidden_layers":{{layers}},"num_attention_heads":{{heads}},"num_key_value_heads":{{keyValueHeads}},
         "intermediate_size":{{feedForward}},"vocab_size":{{vocabulary}},"tie_word_embeddings":true,"rope_theta":1000000.0,"rms_norm_eps":1e-6,
         "hidden_act":"silu","use_sliding_window":false,"torch_dtype":"bfloat16"}
        """));
}
