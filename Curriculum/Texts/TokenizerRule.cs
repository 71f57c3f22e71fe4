using System.Text.Json;

namespace Curriculum.Texts;

/// <summary>What a model's folder needs so that text can be made of its tokens: the rule of the import, and of a submission before it.</summary>
public static class TokenizerRule
{
    /// <summary>Of a model folder, beside <c>config.json</c>.</summary>
    public const string File = "tokenizer.json";

    /// <summary>The member of <c>config.json</c> in which a small policy lists its own characters.</summary>
    public const string Characters = "characters";

    public const string Missing =
        $"Expected {File} in the model's folder, or a config.json that lists its '{Characters}'; found neither. Upload the model's {File}.";

    /// <summary>Whether a <c>config.json</c> lists its characters; one that cannot be read does not.</summary>
    public static bool HasCharacters(ReadOnlySpan<byte> config)
    {
        try
        {
            var root = JsonElement.Parse(Utf8Text.Content(config));
            return root.ValueKind == JsonValueKind.Object && root.TryGetProperty(Characters, out var characters) && characters.ValueKind != JsonValueKind.Null;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}
