namespace Curriculum.Verifiers;

/// <summary>Finds the answer in a completion.</summary>
internal static class AnswerText
{
    /// <summary>Longest answer that is read, in characters.</summary>
    public const int MaxLength = 1_000;

    private const string Mark = "####";

    /// <summary>The content of the last <c>\boxed{}</c>; else what follows the last <c>####</c>; else the text itself where it is one line; null where there is none.</summary>
    /// <remarks>The last box counts even where it is not closed: then there is no answer, and an earlier box is not one either.</remarks>
    public static string? Find(string text)
    {
        var box = Math.Max(text.LastIndexOf("\\boxed", StringComparison.Ordinal), text.LastIndexOf("\\fbox", StringComparison.Ordinal));
        if (box >= 0)
            return Boxed(text, box + (text[box + 1] == 'b' ? "\\boxed" : "\\fbox").Length);
        var mark = text.LastIndexOf(Mark, StringComparison.Ordinal);
        if (mark >= 0)
        {
            var after = text[(mark + Mark.Length)..].TrimStart();
            var end = after.IndexOfAny(['\n', '\r', '\u0003']);
            return Clean(end < 0 ? after : after[..end]);
        }

        var plain = text.Trim().Trim('\u0003').Trim();
        return plain.Contains('\n', StringComparison.Ordinal) ? null : Clean(plain);
    }

    private static string? Boxed(string text, int at)
    {
        while (at < text.Length && text[at] == ' ')
            at++;
        if (at >= text.Length)
            return null;
        if (text[at] != '{')
        {
            // \boxed 5
            var end = at;
            while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '.' or '-'))
                end++;
            return Clean(text[at..end].TrimEnd('.'));
        }

        var depth = 0;
        for (var i = at; i < text.Length; i++)
        {
            if (text[i] == '\\')
                i++;
            else if (text[i] == '{')
                depth++;
            else if (text[i] == '}' && --depth == 0)
                return Clean(text[(at + 1)..i]);
        }

        return null;
    }

    private static string? Clean(string answer)
    {
        answer = answer.Trim().TrimEnd('.').Trim();
        return answer.Length is > 0 and <= MaxLength ? answer : null;
    }
}
