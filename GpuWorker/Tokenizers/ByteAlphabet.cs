using System.Collections.Frozen;

namespace GpuWorker.Tokenizers;

/// <summary>The printable character for each byte of a byte-level vocabulary (GPT-2's bytes_to_unicode).</summary>
internal static class ByteAlphabet
{
    private static readonly char[] OfByte = Characters();

    private static readonly FrozenDictionary<char, byte> OfCharacter =
        OfByte.Select((character, value) => (character, value)).ToFrozenDictionary(pair => pair.character, pair => (byte)pair.value);

    public static char Character(byte value) => OfByte[value];

    /// <summary>The bytes that a token stands for; null where a character of it stands for none.</summary>
    public static byte[]? Bytes(string token)
    {
        var bytes = new byte[token.Length];
        for (var i = 0; i < bytes.Length; i++)
        {
            if (!OfCharacter.TryGetValue(token[i], out bytes[i]))
                return null;
        }

        return bytes;
    }

    private static char[] Characters()
    {
        var characters = new char[256];
        var next = 256;
        for (var value = 0; value < characters.Length; value++)
            characters[value] = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or (>= 0xAE and <= 0xFF) ? (char)value : (char)next++;
        return characters;
    }
}
