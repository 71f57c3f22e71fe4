using System.Globalization;
using System.Text.Json;
using GpuWorker.Items;

namespace GpuWorker.Tokenizers;

/// <summary>The small files of a model folder: tokenizer, EOS tokens and chat template.</summary>
/// <param name="Part">A file's bytes by the name of the part that it becomes; null where there is none.</param>
internal sealed record TokenizerFiles(Func<string, byte[]?> Part)
{
    private const string GenerationConfig = "generation_config.json";
    private const string TokenizerConfig = "tokenizer_config.json";

    /// <summary>Whether there is a tokenizer.json.</summary>
    public bool HasTokenizer => Part(StatePartNames.Tokenizer) is not null;

    /// <summary>The model's own chat template; null where it has none.</summary>
    /// <exception cref="InvalidDataException">tokenizer_config.json cannot be read.</exception>
    public string? Template => Part(StatePartNames.ChatTemplate) is { } file
        ? System.Text.Encoding.UTF8.GetString(file)
        : Read(StatePartNames.TokenizerConfig, TokenizerConfig, root => root.TryGetProperty("chat_template", out var template)
            ? template.ValueKind switch
            {
                JsonValueKind.String => template.GetString(),
                JsonValueKind.Array => template.EnumerateArray().FirstOrDefault(named => named.GetProperty("name").GetString() == "default") is { ValueKind: JsonValueKind.Object } found
                    ? found.GetProperty("template").GetString()
                    : null,
                _ => null,
            }
            : null);

    /// <summary>The tokenizer, whose texts end with any token that config.json, generation_config.json or tokenizer_config.json names.</summary>
    /// <param name="ends">The end tokens of config.json; null for none.</param>
    /// <param name="turnEnd">The token that ends a turn of the chat that the model is asked in; null for none.</param>
    /// <exception cref="InvalidDataException">A file cannot be read, or they contradict each other.</exception>
    public ByteLevelTokenizer ReadTokenizer(IReadOnlyList<int>? ends, string? turnEnd = null)
    {
        var json = Part(StatePartNames.Tokenizer) ?? throw new InvalidDataException("Expected tokenizer.json, found none.");
        var generation = Read(StatePartNames.GenerationConfig, GenerationConfig, root => EosTokens.Read(root, GenerationConfig)) ?? [];
        int[] named = [.. ends ?? [], .. generation];

        // Most folders name the same token there once more, by its text.
        var own = Read(StatePartNames.TokenizerConfig, TokenizerConfig, EosTokens.Text);
        var tokenizer = ByteLevelTokenizer.Read(json, named.Length == 0 ? null : named, turnEnd, own);
        foreach (var (id, text) in Read(StatePartNames.TokenizerConfig, TokenizerConfig, Added) ?? [])
        {
            if (tokenizer.Id(text) != id)
            {
                throw new InvalidDataException(
                    $"Expected tokenizer.json and tokenizer_config.json with the same added tokens, found '{text}' as {id} in added_tokens_decoder of the second and {(tokenizer.Id(text) is { } other ? $"as {other}" : "not at all")} in the first.");
            }
        }

        return tokenizer;
    }

    private static List<(int Id, string Text)> Added(JsonElement root) => root.TryGetProperty("added_tokens_decoder", out var added) && added.ValueKind == JsonValueKind.Object
        ? [.. added.EnumerateObject().Select(token => (int.Parse(token.Name, CultureInfo.InvariantCulture), token.Value.GetProperty("content").GetString()!))]
        : [];

    private T? Read<T>(string part, string file, Func<JsonElement, T?> read)
        where T : class
    {
        if (Part(part) is not { } bytes)
            return null;
        try
        {
            using var json = JsonDocument.Parse(bytes);
            return read(json.RootElement);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new InvalidDataException($"Expected {file} as model folders have it, found something else: {error.Message}", error);
        }
    }
}
