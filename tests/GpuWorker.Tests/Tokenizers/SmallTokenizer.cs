using System.Text;
using System.Text.Json;
using GpuWorker.Tokenizers;

namespace GpuWorker.Tests.Tokenizers;

/// <summary>A tokenizer small enough to work out by hand: 256 bytes, four merges, and added tokens from 260 on, by default Qwen's two.</summary>
internal static class SmallTokenizer
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Json(string postProcessor = "null", params string[] added)
    {
        if (added.Length == 0)
            added = ["<|im_start|>", "<|im_end|>"];
        var bytes = Enumerable.Range(0, 256).Select(value => $"{Text(ByteAlphabet.Character((byte)value).ToString())}: {value}");
        var vocabulary = string.Join(",", bytes.Concat(["\"he\": 256", "\"ll\": 257", "\"hell\": 258", "\"Ġw\": 259"]));
        return Encoding.UTF8.GetBytes($$"""
            {"added_tokens": [{{string.Join(", ", added.Select((token, i) => Added(260 + i, token)))}}],
             "normalizer": null,
             "pre_tokenizer": {"type": "Sequence", "pretokenizers": [
               {"type": "Split", "pattern": {"Regex": {{Text(WordPreTokenizer.Expression(1))}} }, "behavior": "Isolated", "invert": false },
               {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": false, "use_regex": false}]},
             "post_processor": {{postProcessor}},
             "decoder": {"type": "ByteLevel"},
             "model": {"type": "BPE", "byte_fallback": false, "vocab": { {{vocabulary}} }, "merges": ["h e", "l l", "he ll", "Ġ w"]} }
            """);
    }

    private static string Added(int id, string text) =>
        $$"""{"id": {{id}}, "content": "{{text}}", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true}""";

    private static string Text(string text) => JsonSerializer.Serialize(text, Readable);
}
