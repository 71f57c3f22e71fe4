namespace Curriculum.Verifiers;

/// <summary>Finds the answer in a completion.</summary>
internal static class AnswerText
{
    /// <summary>Longest answer that is read, in characters.</summary>
    public const int MaxLength = 1_000;

    private const string Mark = "####";
    private const int MaxBoxes = 20;

    /// <summary>The content of the last <c>\boxed{}</c>; else what follows the last <c>####</c>; else the text itself where it is one line; null where there is none.</summary>
    /// <remarks>The last box counts even where it is not closed: then there is no answer, and an earlier box is not one either.</remarks>
    public static string? Find(string text)
    {
        var box = Math.Max(text.LastIndexOf("\\boxed", StringComparison.Ordinal), text.LastIndexOf("\\fbox", StringComparison.Ordinal));
        if (box >= 0)
            return BoxesBefore(text, box, Boxed(text, box + (text[box + 1] == 'b' ? "\\boxed" : "\\fbox").Length));
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

    // \boxed{1}, \boxed{2} and \boxed{3} are one answer: boxes with nothing but a joint between them.
    private static string? BoxesBefore(string text, int box, string? answer)
    {
        for (var boxes = 1; answer is not null && boxes < MaxBoxes; boxes++)
        {
            var before = box > 0 ? text.LastIndexOf("\\boxed{", box - 1, StringComparison.Ordinal) : -1;
            if (before < 0 || End(text, before + "\\boxed".Length) is not { } end || end > box || !IsJoint(text[end..box]) || Boxed(text, before + "\\boxed".Length) is not { } content)
                break;
            (answer, box) = ($"{content}, {answer}", before);
        }

        return answer is { Length: <= MaxLength } ? answer : null;
    }

    private static bool IsJoint(string between)
    {
        foreach (var word in (string[])["\\text", "\\quad", "\\qquad", "and", "or", "$", "{", "}", ",", ";", "\\(", "\\)"])
            between = between.Replace(word, " ", StringComparison.Ordinal);
        return string.IsNullOrWhiteSpace(between);
    }

    private static int? End(string text, int at)
    {
        var depth = 0;
        for (var i = at; i < text.Length; i++)
        {
            if (text[i] == '\\')
                i++;
            else if (text[i] == '{')
                depth++;
            else if (text[i] == '}' && --depth == 0)
                return i + 1;
        }

        return null;
    }

    /// <summary>An answer or reference without what only sets it: a box, dollar signs or brackets of mathematics around all of it, points and commas at its end.</summary>
    public static string Bare(string text) => Without(text) is { Length: > 0 } bare ? bare : text;

    private static string Without(string text)
    {
        while (true)
        {
            var before = text;
            text = text.Trim().TrimEnd('.', ',', ';').Trim();
            foreach (var (begin, end) in (ReadOnlySpan<(string, string)>)[("$$", "$$"), ("$", "$"), ("\\(", "\\)"), ("\\[", "\\]")])
            {
                var inner = text.Length >= begin.Length + end.Length && text.StartsWith(begin, StringComparison.Ordinal) && text.EndsWith(end, StringComparison.Ordinal)
                    ? text[begin.Length..^end.Length] : null;
                if (inner is { Length: > 0 } && !inner.Contains('$', StringComparison.Ordinal) && !inner.EndsWith('\\') && !(begin[0] == '\\' && inner.Contains(begin, StringComparison.Ordinal)))
                {
                    text = inner;
                    break;
                }
            }

            if (text.StartsWith("\\boxed{", StringComparison.Ordinal) && End(text, "\\boxed".Length) == text.Length && Boxed(text, "\\boxed".Length) is { } content)
                text = content;
            if (text == before)
                return text;
        }
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

        return End(text, at) is { } close ? Clean(text[(at + 1)..(close - 1)]) : null;
    }

    private static string? Clean(string answer)
    {
        answer = answer.Trim().TrimEnd('.').Trim();
        // Markdown's emphasis is none of the answer.
        while (answer.Length > 4 && answer.StartsWith("**", StringComparison.Ordinal) && answer.EndsWith("**", StringComparison.Ordinal))
            answer = answer[2..^2].Trim().TrimEnd('.').Trim();
        return answer.Length is > 0 and <= MaxLength ? answer : null;
    }
}
