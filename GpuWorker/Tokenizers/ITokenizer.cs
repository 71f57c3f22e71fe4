namespace GpuWorker.Tokenizers;

/// <summary>Text to a policy's token ids, and back.</summary>
/// <remarks>Implementations: <see cref="CharacterTokenizer"/> of the small policy, <see cref="ByteLevelTokenizer"/> of a model folder's <c>tokenizer.json</c>.</remarks>
internal interface ITokenizer
{
    /// <summary>The ids of a text that a policy continues; begins with the token that begins a text, where the tokenizer has one.</summary>
    /// <exception cref="FormatException">The text cannot be encoded; the message names where.</exception>
    int[] EncodePrompt(string text);

    /// <summary>The ids of a text that continues another one.</summary>
    /// <exception cref="FormatException">The text cannot be encoded; the message names where.</exception>
    int[] Encode(string text);

    /// <summary>The text of some ids; bytes that are no UTF-8 are U+FFFD.</summary>
    string Decode(ReadOnlySpan<int> ids);

    /// <summary>Whether an id stands for a text. A model's vocabulary is often padded beyond its tokenizer's, and may have holes.</summary>
    bool HasText(int id);

    /// <summary>The tokens that end a completion: those with the stop character in their text, and the tokenizer's own end tokens.</summary>
    /// <exception cref="FormatException">No token has that character.</exception>
    IReadOnlySet<int> StopTokens(char stop);
}
