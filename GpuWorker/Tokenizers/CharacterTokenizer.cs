using System.Collections.Frozen;

namespace GpuWorker.Tokenizers;

/// <summary>One token per character; the id is the character's position in the policy's <c>characters</c>.</summary>
internal sealed class CharacterTokenizer : ITokenizer
{
    private readonly string _characters;
    private readonly FrozenDictionary<char, int> _ids;

    /// <exception cref="InvalidDataException">A character occurs twice.</exception>
    public CharacterTokenizer(string characters)
    {
        if (characters.Distinct().Count() != characters.Length)
            throw new InvalidDataException($"Expected each character of a policy once, found '{characters}'.");

        _characters = characters;
        _ids = characters.Select((character, id) => (character, id)).ToFrozenDictionary(pair => pair.character, pair => pair.id);
    }

    /// <summary>The id of a character.</summary>
    /// <exception cref="FormatException">The policy does not know it.</exception>
    public int Id(char character) => _ids.TryGetValue(character, out var id)
        ? id
        : throw new FormatException(
            $"Expected text of the policy's characters '{_characters}', found '{character}' (U+{(int)character:X4}): give the policy problems of the family that it was trained on.");

    public int[] EncodePrompt(string text) => Encode(text);

    public int[] Encode(string text)
    {
        var ids = new int[text.Length];
        for (var i = 0; i < text.Length; i++)
            ids[i] = Id(text[i]);
        return ids;
    }

    public IReadOnlySet<int> StopTokens(char stop) => FrozenSet.Create(Id(stop));

    public bool HasText(int id) => id >= 0 && id < _characters.Length;

    public string Decode(ReadOnlySpan<int> ids)
    {
        var text = new char[ids.Length];
        for (var i = 0; i < ids.Length; i++)
            text[i] = _characters[ids[i]];
        return new(text);
    }
}
