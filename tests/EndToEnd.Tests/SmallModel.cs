using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EndToEnd.Tests;

/// <summary>A model folder as a person would bring it: LLaMA layout, the size of llama-tiny, bfloat16 in two shards with an index, a byte-level tokenizer.</summary>
internal static class SmallModel
{
    private const int Hidden = 64;
    private const int FeedForward = 172;
    private const int Layers = 5;

    /// <summary>The message that <see cref="Template"/> falls back on.</summary>
    public const string System = "Be kind.";

    // Qwen2's, but for its message.
    private const string Template =
        "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}{{ '<|im_start|>system\n" + System + "<|im_end|>\n' }}{% endif %}"
        + "{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";

    /// <summary>Writes the folder.</summary>
    /// <param name="folder">Where.</param>
    /// <param name="padded">As instruct models come: 576 ids of which 513 have a text, a chat template of its own, and a second end token that generation_config.json alone names.</param>
    public static void Write(string folder, bool padded = false)
    {
        var vocabularySize = padded ? 576 : 512;
        Directory.CreateDirectory(folder);
        if (padded)
        {
            File.WriteAllText(Path.Combine(folder, "generation_config.json"), """{ "eos_token_id": [511, 512] }""");
            File.WriteAllText(Path.Combine(folder, "tokenizer_config.json"), new JsonObject { ["chat_template"] = Template, ["eos_token"] = "<|im_end|>" }.ToJsonString());
        }

        File.WriteAllText(Path.Combine(folder, "config.json"), $$"""
            {
              "architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": {{Hidden}}, "intermediate_size": {{FeedForward}},
              "num_hidden_layers": {{Layers}}, "num_attention_heads": 8, "num_key_value_heads": 4, "vocab_size": {{vocabularySize}},
              "max_position_embeddings": 512, "rms_norm_eps": 1e-05, "rope_theta": 10000.0, "tie_word_embeddings": true, "hidden_act": "silu",
              "eos_token_id": 511, "torch_dtype": "bfloat16"
            }
            """);
        File.WriteAllBytes(Path.Combine(folder, "tokenizer.json"), Tokenizer(padded));
        var random = new Random(5);
        List<(string Name, int[] Shape)> tensors = [("model.embed_tokens.weight", [vocabularySize, Hidden]), ("model.norm.weight", [Hidden])];
        for (var layer = 0; layer < Layers; layer++)
        {
            var name = $"model.layers.{layer}";
            tensors.AddRange([
                ($"{name}.input_layernorm.weight", [Hidden]), ($"{name}.post_attention_layernorm.weight", [Hidden]),
                ($"{name}.self_attn.q_proj.weight", [64, Hidden]), ($"{name}.self_attn.k_proj.weight", [32, Hidden]),
                ($"{name}.self_attn.v_proj.weight", [32, Hidden]), ($"{name}.self_attn.o_proj.weight", [Hidden, 64]),
                ($"{name}.mlp.gate_proj.weight", [FeedForward, Hidden]), ($"{name}.mlp.up_proj.weight", [FeedForward, Hidden]),
                ($"{name}.mlp.down_proj.weight", [Hidden, FeedForward]),
            ]);
        }

        var map = new JsonObject();
        foreach (var (shard, part) in tensors.Chunk(tensors.Count / 2 + 1).Select((shard, i) => (shard, i + 1)))
        {
            var file = $"model-0000{part}-of-00002.safetensors";
            File.WriteAllBytes(Path.Combine(folder, file), Safetensors(shard, random));
            foreach (var (name, _) in shard)
                map[name] = file;
        }

        File.WriteAllText(Path.Combine(folder, "model.safetensors.index.json"), new JsonObject { ["metadata"] = new JsonObject(), ["weight_map"] = map }.ToJsonString());
    }

    private static byte[] Safetensors((string Name, int[] Shape)[] tensors, Random random)
    {
        using var data = new MemoryStream();
        var header = new JsonObject();
        foreach (var (name, shape) in tensors)
        {
            var begin = data.Length;
            var scale = shape.Length == 1 ? 0 : name.Contains("embed", StringComparison.Ordinal) ? 0.05 : 1 / Math.Sqrt(shape[1]);
            for (var i = 0; i < shape.Aggregate(1, (product, size) => product * size); i++)
            {
                // A sum of twelve uniforms is as good as a normal draw; a norm's weights are 1.
                var value = shape.Length == 1 ? 1 : scale * (Enumerable.Range(0, 12).Sum(_ => random.NextDouble()) - 6);
                data.Write(BitConverter.GetBytes((ushort)(BitConverter.SingleToUInt32Bits((float)value) >> 16)));
            }

            header[name] = new JsonObject
            {
                ["dtype"] = "BF16",
                ["shape"] = new JsonArray([.. shape.Select(size => JsonValue.Create(size))]),
                ["data_offsets"] = new JsonArray(begin, data.Length),
            };
        }

        var json = Encoding.UTF8.GetBytes(header.ToJsonString());
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, json.Length);
        return [.. length, .. json, .. data.ToArray()];
    }

    // 256 bytes, 254 pairs of characters, and the two tokens around a turn; the padded one has a third.
    private static byte[] Tokenizer(bool third)
    {
        var alphabet = Alphabet();
        var vocabulary = new JsonObject();
        for (var value = 0; value < 256; value++)
            vocabulary[alphabet[value].ToString()] = value;
        var merges = new JsonArray();
        foreach (var pair in Enumerable.Range(0, 254).Select(i => (First: (char)('a' + i / 26), Second: (char)('a' + i % 26))))
        {
            vocabulary[$"{pair.First}{pair.Second}"] = 256 + merges.Count;
            merges.Add($"{pair.First} {pair.Second}");
        }

        JsonObject Added(int id, string text) => new()
        {
            ["id"] = id,
            ["content"] = text,
            ["single_word"] = false,
            ["lstrip"] = false,
            ["rstrip"] = false,
            ["normalized"] = false,
            ["special"] = true,
        };
        return JsonSerializer.SerializeToUtf8Bytes(new JsonObject
        {
            ["added_tokens"] = new JsonArray([Added(510, "<|im_start|>"), Added(511, "<|im_end|>"), .. third ? (JsonObject[])[Added(512, "<|endoftext|>")] : []]),
            ["normalizer"] = null,
            ["pre_tokenizer"] = JsonNode.Parse("""
                {"type": "Sequence", "pretokenizers": [
                  {"type": "Split", "pattern": {"Regex": "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"}, "behavior": "Isolated", "invert": false},
                  {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": false, "use_regex": false}]}
                """),
            ["post_processor"] = null,
            ["decoder"] = JsonNode.Parse("""{"type": "ByteLevel"}"""),
            ["model"] = new JsonObject { ["type"] = "BPE", ["byte_fallback"] = false, ["vocab"] = vocabulary, ["merges"] = merges },
        });
    }

    // GPT-2's: printable bytes stand for themselves, the others for the characters from U+0100 on.
    private static char[] Alphabet()
    {
        var next = 0x100;
        return [.. Enumerable.Range(0, 256).Select(value => value is >= 33 and <= 126 or >= 161 and <= 172 or >= 174 ? (char)value : (char)next++)];
    }
}
