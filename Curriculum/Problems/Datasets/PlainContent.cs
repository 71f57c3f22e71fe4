using System.Text;

namespace Curriculum.Problems.Datasets;

/// <summary>A problem's text in the one form that texts of the same meaning share, as far as a rule can be sure of it.</summary>
/// <remarks>
/// Folded are: how quotes, minus signs and spaces are encoded, and marks that are not seen; line ends, white space at the ends of lines and of the text;
/// how much white space parts two words, and a line break between words of prose; white space inside brackets, before a closing sign or comma, and on both
/// sides of an operator (<c>2 + 2</c>, <c>2+2</c>); one full stop or question mark at the end; the case of the first letter of a first word.
/// Nothing else is: every sign, bracket, digit and letter counts (<c>f'(2)</c> and <c>f(2)</c>, <c>1:25</c> and <c>12:5</c>), and so do indentation,
/// a break between numbers or signs, a space on one side of a sign (<c>1 -1</c>), and case elsewhere (<c>5 Mg</c> and <c>5 mg</c>).
/// </remarks>
internal static class PlainContent
{
    private const string Opening = "([{";
    private const string Closing = ")]},;:?";
    private const string Operators = "+-=<>*/×÷·≤≥≠±";

    public static string Of(string problem)
    {
        var text = Encoded(problem);
        var plain = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length;)
        {
            if (!char.IsWhiteSpace(text[at]))
            {
                plain.Append(text[at++]);
                continue;
            }

            var end = at;
            while (end < text.Length && char.IsWhiteSpace(text[end]))
                end++;
            plain.Append(Gap(text, at, end));
            at = end;
        }

        return Unstopped(FirstLowered(plain.ToString()));
    }

    /// <summary>One sign for each that is written in several ways, line feeds for line ends, no white space at the ends of lines and of the text.</summary>
    private static string Encoded(string problem)
    {
        var text = new StringBuilder(problem.Length);
        foreach (var rune in problem.ReplaceLineEndings("\n").EnumerateRunes())
        {
            switch (rune.Value)
            {
                case '\u00ad' or '\u200b' or '\u2060' or '\ufeff': // soft hyphen, zero-width space, word joiner, byte order mark
                    break;
                case '\u2018' or '\u2019' or '\u2032':
                    text.Append('\'');
                    break;
                case '\u201c' or '\u201d':
                    text.Append('"');
                    break;
                case '\u2212' or '\u2010' or '\u2011': // minus, hyphen, hyphen without a break; a dash may be a range
                    text.Append('-');
                    break;
                case '\n':
                    while (text.Length > 0 && text[^1] is ' ' or '\t')
                        text.Length--;
                    text.Append('\n');
                    break;
                default:
                    text.Append(rune.Value != '\t' && Rune.IsWhiteSpace(rune) ? " " : rune.ToString());
                    break;
            }
        }

        return text.ToString().Trim();
    }

    /// <summary>What a stretch of white space between two signs comes to.</summary>
    private static string Gap(string text, int start, int end)
    {
        var (before, after) = (text[start - 1], text[end]);
        var gap = text[start..end];
        if (before == '\\')
            return gap; // a control space
        if (gap.Contains('\n', StringComparison.Ordinal))
        {
            // Prose that was wrapped, or parted into paragraphs. Elsewhere a break may part rows, and indentation may be meant.
            var prose = gap[^1] == '\n' && char.IsLetter(after) && (char.IsLetter(before) || before is ',' or '.' or '?' or '!' or ';' or ':');
            return prose ? " " : $"\n{gap[(gap.LastIndexOf('\n') + 1)..]}";
        }

        // 1 ,234 are two numbers.
        var parts = char.IsAsciiDigit(before) && end + 1 < text.Length && char.IsAsciiDigit(text[end + 1]);
        if (Opening.Contains(before, StringComparison.Ordinal) || (Closing.Contains(after, StringComparison.Ordinal) && !parts))
            return "";
        return AtOperator(text, start - 1, start, end) || AtOperator(text, end, start, end) ? "" : " ";
    }

    /// <summary>Whether an operator next to the gap has white space on its other side too, and no word on both: a word-division is none.</summary>
    private static bool AtOperator(string text, int sign, int start, int end)
    {
        if (!Operators.Contains(text[sign], StringComparison.Ordinal) || sign == 0 || sign == text.Length - 1)
            return false;
        var (left, right) = sign < start ? (sign - 1, end) : (start - 1, sign + 1);
        if (text[sign < start ? left : right] != ' ')
            return false;
        while (left > 0 && text[left] == ' ')
            left--;
        while (right < text.Length - 1 && text[right] == ' ')
            right++;
        var (one, other) = (text[left], text[right]);
        return one != '\n' && other != '\n' && one != '\\' && !Operators.Contains(one, StringComparison.Ordinal) && !Operators.Contains(other, StringComparison.Ordinal)
            && !(char.IsLetter(one) && char.IsLetter(other));
    }

    /// <summary>A capital that begins the first word, and nothing but the text: <c>What</c>, or <c>A</c> before another word.</summary>
    private static string FirstLowered(string text)
    {
        if (text.Length < 2 || !char.IsUpper(text[0]))
            return text;
        var word = text.Skip(1).TakeWhile(char.IsLetter).ToArray();
        var lowered = word.Length > 0 ? word.All(char.IsLower) : text.Length > 2 && text[1] == ' ' && char.IsLower(text[2]);
        return lowered ? char.ToLowerInvariant(text[0]) + text[1..] : text;
    }

    private static string Unstopped(string text) =>
        text.Length > 1 && text[^1] is '.' or '?' && text[^2] is not ('.' or '?' or '\\') && !char.IsWhiteSpace(text[^2]) ? text[..^1] : text;
}
