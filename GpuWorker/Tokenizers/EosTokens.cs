using System.Text.Json;

namespace GpuWorker.Tokenizers;

/// <summary>The EOS tokens that a model folder's files name.</summary>
internal static class EosTokens
{
    /// <summary><c>eos_token_id</c> of a config.json or generation_config.json: one id or several.</summary>
    /// <param name="root">The file.</param>
    /// <param name="file">Its name.</param>
    /// <exception cref="InvalidDataException">It is neither.</exception>
    public static IReadOnlyList<int> Read(JsonElement root, string file) =>
        !root.TryGetProperty("eos_token_id", out var ids) ? []
        : Ids(ids) ?? throw new InvalidDataException($"Expected an integer or a list of integers as eos_token_id in {file}, found {ids.GetRawText()}.");

    /// <summary>The ids of an <c>eos_token_id</c>, none for null; null where it is something else.</summary>
    public static IReadOnlyList<int>? Ids(JsonElement ids) => ids.ValueKind switch
    {
        JsonValueKind.Null => [],
        JsonValueKind.Number when ids.TryGetInt32(out var one) => [one],
        JsonValueKind.Array when ids.EnumerateArray().All(id => id.ValueKind == JsonValueKind.Number && id.TryGetInt32(out _)) => [.. ids.EnumerateArray().Select(id => id.GetInt32())],
        _ => null,
    };

    /// <summary><c>eos_token</c> of a tokenizer_config.json: a text, or an object with one; null where there is none.</summary>
    public static string? Text(JsonElement root) => !root.TryGetProperty("eos_token", out var token) ? null : token.ValueKind switch
    {
        JsonValueKind.String => token.GetString(),
        JsonValueKind.Object => token.GetProperty("content").GetString(),
        _ => null,
    };
}
