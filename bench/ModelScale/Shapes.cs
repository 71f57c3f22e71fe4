using System.Text;
using GpuWorker.Policies;

namespace ModelScale;

/// <summary>The shapes that are measured.</summary>
internal static class Shapes
{
    /// <summary>Qwen2.5-0.5B: 494,032,768 parameters.</summary>
    public static PolicyConfig HalfBillion { get; } = Qwen(896, 24, 14, 2, 4864, 151_936);

    /// <summary>Of the same family, small enough to train here.</summary>
    public static PolicyConfig Forty { get; } = Qwen(512, 8, 8, 2, 1408, 32_000);

    public static PolicyConfig Qwen(int hidden, int layers, int heads, int keyValueHeads, int feedForward, int vocabulary) => PolicyConfig.Read(Encoding.UTF8.GetBytes($$"""
        {"model_type":"qwen2","hidden_size":{{hidden}},"num_hidden_layers":{{layers}},"num_attention_heads":{{heads}},"num_key_value_heads":{{keyValueHeads}},
         "intermediate_size":{{feedForward}},"vocab_size":{{vocabulary}},"tie_word_embeddings":true,"rope_theta":1000000.0,"rms_norm_eps":1e-6,
         "hidden_act":"silu","use_sliding_window":false,"torch_dtype":"bfloat16"}
        """));
}
