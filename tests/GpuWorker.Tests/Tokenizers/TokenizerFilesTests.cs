using System.Text;
using GpuWorker.Items;
using GpuWorker.Tokenizers;

namespace GpuWorker.Tests.Tokenizers;

/// <summary>What the files beside the weights say together: 260 is the added token &lt;|im_start|&gt;, 261 &lt;|im_end|&gt;, 258 the word hell.</summary>
[Trait("Speed", "fast")]
public sealed class TokenizerFilesTests
{
    [Theory]
    [InlineData(260, "{\"eos_token_id\": [261, 260]}", null, "260, 261")]
    [InlineData(260, "{\"eos_token_id\": 261}", null, "260, 261")]
    [InlineData(260, "{}", null, "260")]
    [InlineData(260, "{\"eos_token_id\": null}", "{\"eos_token\": null}", "260")]
    [InlineData(260, null, "{\"eos_token\": \"<|im_end|>\"}", "260, 261")]
    [InlineData(260, "{\"eos_token_id\": 258}", "{\"eos_token\": {\"content\": \"<|im_end|>\", \"lstrip\": false}}", "260, 258, 261")]
    [InlineData(null, "{\"eos_token_id\": 258}", null, "258")]
    [InlineData(null, null, "{\"eos_token\": \"hell\"}", "258")]
    [InlineData(null, null, null, "261")]
    public void A_text_ends_with_any_token_that_one_of_the_files_names(int? config, string? generation, string? tokenizer, string expected)
    {
        var read = Texts(generation, tokenizer).ReadTokenizer(config is { } end ? [end] : null);
        Assert.Equal(expected, string.Join(", ", read.EosTokenIds));
        Assert.True(read.StopTokens('\u0003').SetEquals(read.EosTokenIds));
        Assert.All(read.EosTokenIds, id => Assert.Equal("\u0003", read.Decode([id])));
    }

    [Theory]
    [InlineData("{\"eos_token_id\": \"two\"}", null, "eos_token_id in generation_config.json, found \"two\"")]
    [InlineData("{\"eos_token_id\": [261, 1.5]}", null, "generation_config.json")]
    [InlineData("{\"eos_token_id\": [261, 300]}", null, "from 0 to 261, found '300': correct eos_token_id in config.json (and in generation_config.json")]
    [InlineData("[", null, "Expected generation_config.json")]
    [InlineData(null, "{\"eos_token\": {}}", "Expected tokenizer_config.json")]
    [InlineData(null, "{\"added_tokens_decoder\": {\"260\": {\"content\": \"<|im_end|>\"}}}", "found '<|im_end|>' as 260 in added_tokens_decoder of the second and as 261 in the first")]
    [InlineData(null, "{\"added_tokens_decoder\": {\"270\": {\"content\": \"<|extra|>\"}}}", "found '<|extra|>' as 270 in added_tokens_decoder of the second and not at all in the first")]
    public void Files_that_cannot_be_read_or_contradict_each_other_are_refused_by_name(string? generation, string? tokenizer, string words) =>
        Assert.Contains(words, Assert.Throws<InvalidDataException>(() => Texts(generation, tokenizer).ReadTokenizer([260])).Message, StringComparison.Ordinal);

    [Fact]
    public void Added_tokens_that_agree_are_read() => Assert.Equal(
        [260, 261],
        Texts("{\"eos_token_id\": 261}", "{\"added_tokens_decoder\": {\"260\": {\"content\": \"<|im_start|>\"}, \"258\": {\"content\": \"hell\"}}}").ReadTokenizer([260]).EosTokenIds);

    private static TokenizerFiles Texts(string? generation, string? tokenizer) => new(part => part switch
    {
        StatePartNames.Tokenizer => SmallTokenizer.Json(),
        StatePartNames.GenerationConfig => generation is null ? null : Encoding.UTF8.GetBytes(generation),
        StatePartNames.TokenizerConfig => tokenizer is null ? null : Encoding.UTF8.GetBytes(tokenizer),
        _ => null,
    });
}
