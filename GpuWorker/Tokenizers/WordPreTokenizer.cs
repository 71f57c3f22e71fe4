using System.Text;
using Microsoft.ML.Tokenizers;
using static System.Globalization.UnicodeCategory;

namespace GpuWorker.Tokenizers;

/// <summary>Splits text into the words inside which byte pairs are merged, as Qwen (numbers of 1 digit) and Llama 3 (up to 3) do.</summary>
/// <remarks>
/// Written out and not left to a regular expression, because .NET's see a letter outside the basic plane as two surrogates and not as a letter.
/// The expression, its alternatives tried in this order:
/// <c>(?i:'s|'t|'re|'ve|'m|'ll|'d) | [^\r\n\p{L}\p{N}]?\p{L}+ | \p{N}{1,n} | ?[^\s\p{L}\p{N}]+[\r\n]* | \s*[\r\n]+ | \s+(?!\S) | \s+</c>.
/// </remarks>
internal sealed class WordPreTokenizer(int digits) : PreTokenizer
{
    /// <summary>The expression as <c>tokenizer.json</c> has it.</summary>
    public static string Expression(int digits) =>
        @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}" + (digits == 1 ? "" : $"{{1,{digits}}}")
        + @"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private enum Kind
    {
        Letter,
        Number,
        LineEnd,
        Space,
        Other,
    }

    public override IEnumerable<(int Offset, int Length)> PreTokenize(string text)
    {
        for (var at = 0; at < text.Length;)
        {
            var length = Next(text.AsSpan(at));
            yield return (at, length);
            at += length;
        }
    }

    public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text) => PreTokenize(text.ToString());

    /// <summary>The length of the first word; at least 1 where there is text.</summary>
    public int Next(ReadOnlySpan<char> text)
    {
        var contraction = Contraction(text);
        if (contraction > 0)
            return contraction;

        var (first, size) = At(text, 0);
        if (first == Kind.Letter)
            return Run(text, 0, Kind.Letter);
        if (first is Kind.Space or Kind.Other && At(text, size).Kind == Kind.Letter && text.Length > size)
            return Run(text, size, Kind.Letter);
        if (first == Kind.Number)
            return Run(text, 0, Kind.Number, digits);

        var signs = text[0] == ' ' ? 1 : 0;
        if (text.Length > signs && At(text, signs).Kind == Kind.Other)
            return Run(text, Run(text, signs, Kind.Other), Kind.LineEnd);
        return WhiteSpace(text);
    }

    private static int WhiteSpace(ReadOnlySpan<char> text)
    {
        var (end, lastLine) = (0, 0);
        while (end < text.Length && At(text, end).Kind is var kind and (Kind.Space or Kind.LineEnd))
        {
            end++;
            if (kind == Kind.LineEnd)
                lastLine = end;
        }

        if (lastLine > 0)
            return lastLine;
        return end == text.Length || end == 1 ? end : end - 1;
    }

    private static int Contraction(ReadOnlySpan<char> text)
    {
        if (text.Length < 2 || text[0] != '\'')
            return 0;
        var (second, third) = (Fold(text[1]), text.Length > 2 ? Fold(text[2]) : '\0');
        if (second is 's' or 't' or 'm' or 'd')
            return 2;
        return (second, third) is ('r', 'e') or ('v', 'e') or ('l', 'l') ? 3 : 0;
    }

    // The long s is the one character beside the capitals that folds to one of these letters.
    private static char Fold(char character) => character == '\u017F' ? 's' : char.ToLowerInvariant(character);

    private static int Run(ReadOnlySpan<char> text, int at, Kind kind, int most = int.MaxValue)
    {
        for (; at < text.Length && most > 0; most--)
        {
            var (found, size) = At(text, at);
            if (found != kind)
                break;
            at += size;
        }

        return at;
    }

    private static (Kind Kind, int Size) At(ReadOnlySpan<char> text, int at)
    {
        if (at >= text.Length)
            return (Kind.Other, 0);
        if (text[at] is '\r' or '\n')
            return (Kind.LineEnd, 1);
        Rune.DecodeFromUtf16(text[at..], out var rune, out var size);
        if (Rune.IsWhiteSpace(rune))
            return (Kind.Space, size);
        return (Rune.GetUnicodeCategory(rune) switch
        {
            UppercaseLetter or LowercaseLetter or TitlecaseLetter or ModifierLetter or OtherLetter => Kind.Letter,
            DecimalDigitNumber or LetterNumber or OtherNumber => Kind.Number,
            _ => Kind.Other,
        }, size);
    }
}
