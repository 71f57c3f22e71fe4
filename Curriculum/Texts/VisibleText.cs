using System.Buffers;
using System.Globalization;
using System.Text;

namespace Curriculum.Texts;

/// <summary>Text of data and models as people may see it: characters that are not seen, move the cursor or change the direction of what follows stand as their code point, <c>⟨U+202E⟩</c>.</summary>
public static class VisibleText
{
    private static readonly SearchValues<char> Suspects = SearchValues.Create(
        [.. Enumerable.Range(0, 0x10000).Select(code => (char)code).Where(character => char.IsSurrogate(character) || IsUnseen(new Rune(character)))]);

    /// <summary>The text; line feeds and tabs stay.</summary>
    public static string Of(string text)
    {
        if (!text.AsSpan().ContainsAny(Suspects))
            return text;
        var seen = new StringBuilder(text.Length + 16);
        for (var at = 0; at < text.Length;)
        {
            if (!Rune.TryGetRuneAt(text, at, out var rune))
            {
                // A surrogate by itself is no character at all.
                Append(seen, text[at++]);
                continue;
            }

            if (IsUnseen(rune))
                Append(seen, rune.Value);
            else
                seen.Append(rune);
            at += rune.Utf16SequenceLength;
        }

        return seen.ToString();
    }

    private static void Append(StringBuilder seen, int code) => seen.Append(CultureInfo.InvariantCulture, $"⟨U+{code:X4}⟩");

    private static bool IsUnseen(Rune rune) => rune.Value is not ('\n' or '\t')
        && Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
