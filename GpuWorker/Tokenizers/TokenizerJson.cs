using System.Text.Json;

namespace GpuWorker.Tokenizers;

/// <summary>What a <c>tokenizer.json</c> of the Qwen or Llama 3 family says; anything else is refused by name.</summary>
internal sealed record TokenizerJson
{
    public required IReadOnlyList<KeyValuePair<string, int>> Vocabulary { get; init; }

    /// <summary>Two tokens and a space between them, the most urgent merge first.</summary>
    public required IReadOnlyList<string> Merges { get; init; }

    /// <summary>A word that is a token is that token, whatever the merges say.</summary>
    public required bool IgnoreMerges { get; init; }

    public required bool NormalizesToNfc { get; init; }

    /// <summary>Most digits of a word.</summary>
    public required int Digits { get; init; }

    public required IReadOnlyList<(string Text, int Id, bool Normalized)> Added { get; init; }

    /// <summary>Tokens that come before a text.</summary>
    public required IReadOnlyList<int> Prefix { get; init; }

    /// <exception cref="InvalidDataException">It is not JSON, or asks for something unsupported; the message names the member.</exception>
    public static TokenizerJson Read(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8);
            return Read(document.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new InvalidDataException($"Expected a tokenizer.json, found something else: {error.Message}", error);
        }
    }

    private static TokenizerJson Read(JsonElement root)
    {
        var model = root.GetProperty("model");
        Require(!model.TryGetProperty("type", out var type) || type.GetString() == "BPE", "model.type BPE", type);
        foreach (var name in (string[])["dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix"])
            Require(Unset(model, name), $"model.{name} unset", Member(model, name));
        Require(!Flag(model, "byte_fallback"), "model.byte_fallback false", Member(model, "byte_fallback"));

        var normalizer = Member(root, "normalizer");
        Require(normalizer.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null || Type(normalizer) == "NFC", "normalizer null or NFC", normalizer);
        var decoder = Member(root, "decoder");
        Require(Type(decoder) == "ByteLevel", "decoder ByteLevel", decoder);
        return new()
        {
            Vocabulary = [.. model.GetProperty("vocab").EnumerateObject().Select(token => KeyValuePair.Create(token.Name, token.Value.GetInt32()))],
            Merges = [.. model.GetProperty("merges").EnumerateArray().Select(Merge)],
            IgnoreMerges = Flag(model, "ignore_merges"),
            NormalizesToNfc = Type(normalizer) == "NFC",
            Digits = ReadDigits(Member(root, "pre_tokenizer")),
            Added = [.. Member(root, "added_tokens") is { ValueKind: JsonValueKind.Array } added ? added.EnumerateArray().Select(AddedToken) : []],
            Prefix = ReadPrefix(Member(root, "post_processor")),
        };
    }

    private static string Merge(JsonElement merge)
    {
        var pair = merge.ValueKind == JsonValueKind.Array ? $"{merge[0].GetString()} {merge[1].GetString()}" : merge.GetString()!;
        Require(pair.Count(character => character == ' ') == 1, "merges of two tokens without a space in them", merge);
        return pair;
    }

    private static (string Text, int Id, bool Normalized) AddedToken(JsonElement token)
    {
        foreach (var name in (string[])["single_word", "lstrip", "rstrip"])
            Require(!Flag(token, name), $"added tokens without {name}", token);
        var text = token.GetProperty("content").GetString()!;
        Require(text.Length > 0, "added tokens with content", token);
        return (text, token.GetProperty("id").GetInt32(), Flag(token, "normalized"));
    }

    private static int ReadDigits(JsonElement split)
    {
        const string Expected = "pre_tokenizer: a split by the expression of Qwen or of Llama 3, isolated, and then ByteLevel without prefix space or expression";
        Require(Type(split) == "Sequence" && split.GetProperty("pretokenizers").GetArrayLength() == 2, Expected, split);
        var (words, bytes) = (split.GetProperty("pretokenizers")[0], split.GetProperty("pretokenizers")[1]);
        Require(
            Type(words) == "Split" && Member(words, "behavior").GetString() == "Isolated" && !Flag(words, "invert")
            && Type(bytes) == "ByteLevel" && !Flag(bytes, "add_prefix_space") && !Flag(bytes, "use_regex"), Expected, split);
        var expression = Member(words.GetProperty("pattern"), "Regex");
        foreach (var digits in (int[])[1, 3])
        {
            if (expression.ValueKind == JsonValueKind.String && expression.GetString() == WordPreTokenizer.Expression(digits))
                return digits;
        }

        throw Refused(Expected, split);
    }

    private static IReadOnlyList<int> ReadPrefix(JsonElement processor)
    {
        const string Expected = "post_processor: null, ByteLevel, or a template of tokens before the text";
        switch (Type(processor))
        {
            case null or "ByteLevel":
                return [];
            case "Sequence":
                return [.. processor.GetProperty("processors").EnumerateArray().SelectMany(ReadPrefix)];
            case "TemplateProcessing":
                var single = processor.GetProperty("single");
                var last = single.GetArrayLength() - 1;
                Require(last >= 0 && single[last].TryGetProperty("Sequence", out _), Expected, processor);
                var tokens = processor.GetProperty("special_tokens");
                return [.. single.EnumerateArray().Take(last).SelectMany(part =>
                    tokens.GetProperty(part.GetProperty("SpecialToken").GetProperty("id").GetString()!).GetProperty("ids").EnumerateArray().Select(id => id.GetInt32()))];
            default:
                throw Refused(Expected, processor);
        }
    }

    private static string? Type(JsonElement element) => element.ValueKind == JsonValueKind.Object ? Member(element, "type").GetString() : null;

    private static JsonElement Member(JsonElement element, string name) => element.TryGetProperty(name, out var member) ? member : default;

    private static bool Flag(JsonElement element, string name) => Member(element, name).ValueKind == JsonValueKind.True;

    private static bool Unset(JsonElement element, string name) => Member(element, name) is var member
        && (member.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null
            || (member.ValueKind == JsonValueKind.String && member.GetString()!.Length == 0)
            || (member.ValueKind == JsonValueKind.Number && member.GetDouble() == 0));

    private static void Require(bool holds, string expected, JsonElement found)
    {
        if (!holds)
            throw Refused(expected, found);
    }

    private static InvalidDataException Refused(string expected, JsonElement found)
    {
        var text = found.ValueKind == JsonValueKind.Undefined ? "nothing" : found.GetRawText();
        return new($"Expected a tokenizer.json of the Qwen or Llama 3 family, with {expected}; found {(text.Length <= 300 ? text : $"{text[..300]}...")}.");
    }
}
