using GpuWorker.Policies;
using GpuWorker.Tests.Models.Elsewhere;

namespace ModelScale;

/// <summary>Weights of a Qwen2 shape as a file for llama.cpp; what they are matters to no time.</summary>
internal static class RandomGguf
{
    public static void Write(PolicyConfig config, string path)
    {
        GgufFile file = new();
        file.Key("general.architecture", "qwen2");
        file.Key("tokenizer.ggml.model", "none");
        foreach (var (key, value) in new (string, object)[]
        {
            ("block_count", (uint)config.NumHiddenLayers),
            ("context_length", 32_768u),
            ("embedding_length", (uint)config.HiddenSize),
            ("feed_forward_length", (uint)config.IntermediateSize),
            ("vocab_size", (uint)config.VocabSize),
            ("attention.head_count", (uint)config.NumAttentionHeads),
            ("attention.head_count_kv", (uint)config.KeyValueHeads),
            ("attention.layer_norm_rms_epsilon", 1e-6f),
            ("rope.freq_base", 1e6f),
        })
            file.Key($"qwen2.{key}", value);

        Random random = new(1);
        void Tensor(string name, params long[] shape)
        {
            var values = new float[shape.Aggregate((a, b) => a * b)];
            for (var i = 0; i < values.Length; i++)
                values[i] = (random.NextSingle() - 0.5f) / 16;
            file.Tensor(name, shape, values);
        }

        long hidden = config.HiddenSize, keys = config.KeyValueHeads * (long)config.HeadSize, inner = config.IntermediateSize;
        Tensor("token_embd.weight", config.VocabSize, hidden);
        Tensor("output_norm.weight", hidden);
        for (var layer = 0; layer < config.NumHiddenLayers; layer++)
        {
            foreach (var (name, rows, bias) in new[] { ("attn_q", hidden, true), ("attn_k", keys, true), ("attn_v", keys, true), ("attn_output", hidden, false), ("ffn_gate", inner, false), ("ffn_up", inner, false) })
            {
                Tensor($"blk.{layer}.{name}.weight", rows, hidden);
                if (bias)
                    Tensor($"blk.{layer}.{name}.bias", rows);
            }

            Tensor($"blk.{layer}.ffn_down.weight", hidden, inner);
            Tensor($"blk.{layer}.attn_norm.weight", hidden);
            Tensor($"blk.{layer}.ffn_norm.weight", hidden);
        }

        file.Write(path);
    }
}
