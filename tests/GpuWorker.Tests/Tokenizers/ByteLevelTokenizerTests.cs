using System.Text;
using CsCheck;
using GpuWorker.Tokenizers;

namespace GpuWorker.Tests.Tokenizers;

[Trait("Speed", "fast")]
public sealed class ByteLevelTokenizerTests
{
    private static readonly ByteLevelTokenizer Small = ByteLevelTokenizer.Read(SmallTokenizer.Json());

    // By hand: merges are h+e (256), l+l (257), he+ll (258), Ġ+w (259); ids 0-255 are the bytes, 260 and 261 the added tokens.
    [Fact]
    public void Merges_are_applied_in_order_inside_words()
    {
        Assert.Equal([258, 'o', 259, 'o'], Small.Encode("hello wo"));
        Assert.Equal([257, 'l'], Small.Encode("lll"));
        Assert.Equal([0xC3, 0xA9], Small.Encode("é"));
        Assert.Equal("hello wo", Small.Decode([258, 'o', 259, 'o']));
    }

    [Fact]
    public void The_end_of_a_text_is_the_first_end_token_both_ways()
    {
        Assert.Equal(['4', 261], Small.Encode("4\u0003"));
        Assert.Equal("4\u0003", Small.Decode(['4', 261]));
        Assert.Equal("4<|im_end|>", Small.DecodeWithAddedTokens(['4', 261]));
        Assert.Equal([260, 261], Small.EncodeWithAddedTokens("<|im_start|><|im_end|>"));
        Assert.True(Small.StopTokens('\u0003').SetEquals([261]));
    }

    [Fact]
    public void A_stop_character_stops_in_every_token_that_has_it() =>
        Assert.True(Small.StopTokens('l').SetEquals(['l', 257, 258, 261]));

    [Fact]
    public void Every_text_of_well_formed_utf_16_comes_back() =>
        Gen.String.Where(text => text.EnumerateRunes().All(rune => rune.Value != 0xFFFD) && !text.Contains('\u0003', StringComparison.Ordinal))
            .Sample(text => Small.Decode(Small.Encode(text)) == text && Small.DecodeWithAddedTokens(Small.EncodeWithAddedTokens(text)) == text);

    [Fact]
    public void Ill_formed_utf_16_is_refused_and_named()
    {
        foreach (var (text, at) in ((string, int)[])[("\ud800", 0), ("a\udc00", 1), ("\ud800\ud800\udc00", 0), ("ab\udc00\ud800", 2)])
        {
            foreach (var encode in (Func<string, int[]>[])[Small.Encode, Small.EncodeWithAddedTokens, Small.EncodePrompt])
                Assert.EndsWith($"at {at}.", Assert.Throws<FormatException>(() => encode(text)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Tokens_before_a_text_come_before_prompts_only()
    {
        var tokenizer = ByteLevelTokenizer.Read(SmallTokenizer.Json(postProcessor:
            """{"type":"TemplateProcessing","single":[{"SpecialToken":{"id":"<|im_start|>","type_id":0}},{"Sequence":{"id":"A","type_id":0}}],"special_tokens":{"<|im_start|>":{"id":"<|im_start|>","ids":[260],"tokens":["<|im_start|>"]}}}"""));
        Assert.Equal([260, 'a'], tokenizer.EncodePrompt("a"));
        Assert.Equal(['a'], tokenizer.Encode("a"));
    }

    [Theory]
    [InlineData("\"normalizer\": null", "\"normalizer\": {\"type\": \"NFKC\"}", "normalizer null or NFC")]
    [InlineData("\"type\": \"BPE\"", "\"type\": \"Unigram\"", "model.type BPE")]
    [InlineData("\\\\p{N}|", "\\\\p{N}{1,2}|", "pre_tokenizer")]
    [InlineData("\"use_regex\": false", "\"use_regex\": true", "pre_tokenizer")]
    [InlineData("\"decoder\": {\"type\": \"ByteLevel\"}", "\"decoder\": {\"type\": \"Metaspace\"}", "decoder ByteLevel")]
    [InlineData("\"byte_fallback\": false", "\"byte_fallback\": true", "byte_fallback")]
    [InlineData("\"lstrip\": false", "\"lstrip\": true", "lstrip")]
    [InlineData("\"h e\"", "\"h q9\"", "merges")]
    [InlineData("\"Ā\": 0,", "", "256 bytes")]
    [InlineData("<|im_", "<|other_", "EOS tokens")]
    [InlineData("{", "[", "tokenizer.json")]
    public void What_another_family_asks_for_is_refused_by_name(string from, string to, string names)
    {
        var changed = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(SmallTokenizer.Json()).Replace(from, to, StringComparison.Ordinal));
        Assert.Contains(names, Assert.Throws<InvalidDataException>(() => ByteLevelTokenizer.Read(changed)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_files_are_refused_and_nothing_else_is_thrown()
    {
        var json = SmallTokenizer.Json();
        Gen.Select(Gen.Int[0, json.Length - 1], Gen.Byte).Sample(change =>
        {
            var damaged = (byte[])json.Clone();
            damaged[change.Item1] = change.Item2;
            try
            {
                ByteLevelTokenizer.Read(damaged).Encode("hello");
            }
            catch (InvalidDataException)
            {
            }
        }, iter: 300);
    }
}
