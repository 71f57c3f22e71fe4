using System.Text.Json;
using TorchSharp;
using TorchSharp.PyBridge;
using static TorchSharp.torch;

namespace GpuWorker.Tests.Models.Elsewhere;

/// <summary>An exported folder as GGUF, after llama.cpp's own converter: TorchSharp.PyBridge reads its safetensors, and nothing of this project.</summary>
internal static class Converted
{
    private static readonly Dictionary<string, string> Names = new()
    {
        ["model.embed_tokens"] = "token_embd",
        ["model.norm"] = "output_norm",
        ["lm_head"] = "output",
        ["input_layernorm"] = "attn_norm",
        ["post_attention_layernorm"] = "ffn_norm",
        ["self_attn.q_proj"] = "attn_q",
        ["self_attn.k_proj"] = "attn_k",
        ["self_attn.v_proj"] = "attn_v",
        ["self_attn.o_proj"] = "attn_output",
        ["self_attn.q_norm"] = "attn_q_norm",
        ["self_attn.k_norm"] = "attn_k_norm",
        ["mlp.gate_proj"] = "ffn_gate",
        ["mlp.up_proj"] = "ffn_up",
        ["mlp.down_proj"] = "ffn_down",
    };

    /// <summary>Writes a model folder as one file.</summary>
    public static void Model(string folder, string path)
    {
        using var json = Read(folder, "config.json");
        var config = json.RootElement;
        var family = config.GetProperty("model_type").GetString()!;
        uint Number(string key) => config.GetProperty(key).GetUInt32();
        var size = config.TryGetProperty("head_dim", out var head) ? head.GetUInt32() : Number("hidden_size") / Number("num_attention_heads");
        GgufFile file = new();
        file.Key("general.architecture", family);
        file.Key("tokenizer.ggml.model", "none");
        foreach (var (key, value) in new Dictionary<string, object>
        {
            ["block_count"] = Number("num_hidden_layers"),
            ["context_length"] = Number("max_position_embeddings"),
            ["embedding_length"] = Number("hidden_size"),
            ["feed_forward_length"] = Number("intermediate_size"),
            ["vocab_size"] = Number("vocab_size"),
            ["attention.head_count"] = Number("num_attention_heads"),
            ["attention.head_count_kv"] = Number("num_key_value_heads"),
            ["attention.key_length"] = size,
            ["attention.value_length"] = size,
            ["attention.layer_norm_rms_epsilon"] = config.GetProperty("rms_norm_eps").GetSingle(),
            ["rope.dimension_count"] = size,
            ["rope.freq_base"] = config.GetProperty("rope_theta").GetSingle(),
        })
            file.Key($"{family}.{key}", value);
        if (config.TryGetProperty("rope_scaling", out var scaling))
        {
            file.Key($"{family}.rope.scaling.type", scaling.GetProperty("rope_type").GetString()!);
            file.Key($"{family}.rope.scaling.factor", scaling.GetProperty("factor").GetSingle());
            if (scaling.TryGetProperty("original_max_position_embeddings", out var original))
                file.Key($"{family}.rope.scaling.original_context_length", original.GetUInt32());
        }

        Tensors(file, Path.Combine(folder, "model.safetensors"), family, Number("num_attention_heads"), Number("num_key_value_heads"), name => name);
        file.Write(path);
    }

    /// <summary>Writes an adapter's folder as one file, for a model whose folder is <paramref name="model"/>.</summary>
    public static void Adapter(string folder, string model, string path)
    {
        using var json = Read(folder, "adapter_config.json");
        using var config = Read(model, "config.json");
        var family = config.RootElement.GetProperty("model_type").GetString()!;
        GgufFile file = new();
        file.Key("general.type", "adapter");
        file.Key("general.architecture", family);
        file.Key("adapter.type", "lora");
        file.Key("adapter.lora.alpha", json.RootElement.GetProperty("lora_alpha").GetSingle());
        Tensors(
            file, Path.Combine(folder, "adapter_model.safetensors"), family,
            config.RootElement.GetProperty("num_attention_heads").GetUInt32(), config.RootElement.GetProperty("num_key_value_heads").GetUInt32(),
            name => name["base_model.model.".Length..]);
        file.Write(path);
    }

    private static void Tensors(GgufFile file, string safetensors, string family, uint heads, uint keyValueHeads, Func<string, string> named)
    {
        using var scope = NewDisposeScope();
        foreach (var (key, stored) in Safetensors.LoadStateDict(safetensors))
        {
            var name = named(key);
            var parts = name.Split('.');
            var layer = parts[1] == "layers" ? $"blk.{parts[2]}." : "";
            var factor = parts[^2] is "lora_A" or "lora_B" ? parts[^2] : null;
            var own = string.Join('.', parts[(layer.Length > 0 ? 3 : 0)..^(factor is null ? 1 : 2)]);
            var tensor = stored.to(ScalarType.Float32);

            // llama.cpp turns dimensions 2 i and 2 i + 1 of a LLaMA's head together, where the folder pairs i with i + half.
            if (family == "llama" && factor != "lora_A" && own is "self_attn.q_proj" or "self_attn.k_proj")
            {
                var count = own == "self_attn.q_proj" ? heads : keyValueHeads;
                tensor = tensor.reshape(count, 2, tensor.shape[0] / count / 2, -1).transpose(1, 2).reshape(tensor.shape);
            }

            file.Tensor($"{layer}{Names[own]}.{(factor is null ? parts[^1] : $"weight.{factor.ToLowerInvariant()}")}", tensor.shape, tensor.contiguous().data<float>().ToArray());
        }
    }

    private static JsonDocument Read(string folder, string file) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, file)));
}
