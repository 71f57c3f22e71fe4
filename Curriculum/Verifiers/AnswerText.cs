using System.Text.RegularExpressions;

namespace Curriculum.Verifiers;

/// <summary>Finds the answer in a completion.</summary>
internal static partial class AnswerText
{
    /// <summary>Longest answer that is read, in characters.</summary>
    public const int MaxLength = 1_000;

    private const string Mark = "####";
    private const int MaxBoxes = 20;
    private const int LongestJoint = 60;

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

    // \boxed{1}, \boxed{2} and \boxed{3} are one answer: boxes with nothing but a joint between them, or "and" in one sentence.
    private static string? BoxesBefore(string text, int box, string? answer)
    {
        if (answer is null)
            return null;
        List<string> answers = [Named(text[..box], answer)];
        for (var start = box; answers.Count < MaxBoxes;)
        {
            var before = start > 0 ? text.LastIndexOf("\\boxed{", start - 1, StringComparison.Ordinal) : -1;
            if (before < 0 || End(text, before + "\\boxed".Length) is not { } end || end > start || !IsJoint(text[end..start]) || Boxed(text, before + "\\boxed".Length) is not { } content)
                break;
            answers.Insert(0, Named(text[..before], content));
            start = before;
        }

        answer = answers.Count == 1 ? answer : string.Join(", ", answers);
        return answer.Length <= MaxLength ? answer : null;
    }

    // y_1 = \boxed{3} and y_2 = \boxed{4} say which is which.
    private static string Named(string before, string answer) => NameBefore().Match(before[^Math.Min(before.Length, 40)..]) is { Success: true } name ? $"{name.Groups[1].Value} = {answer}" : answer;

    private static bool IsJoint(string between)
    {
        if (between.Length > LongestJoint || between.AsSpan().IndexOfAny('.', '\n', '?') >= 0 || Doubt().IsMatch(between))
            return IsBareJoint(between);
        return IsBareJoint(NameBefore().Replace(between, "")) || WithAnd().IsMatch(between);
    }

    private static bool IsBareJoint(string between)
    {
        foreach (var word in (string[])["\\text", "\\quad", "\\qquad", "and", "or", "$", "{", "}", ",", ";", "\\(", "\\)"])
            between = between.Replace(word, " ", StringComparison.Ordinal);
        return string.IsNullOrWhiteSpace(between);
    }

    [GeneratedRegex(@"(?<![A-Za-z\\])([A-Za-z](?:_(?:\w|\{\w{1,3}\}))?)\s*=\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex NameBefore();

    [GeneratedRegex(@"^[^=]{0,30}\band\b[^=]{0,12}(?:=\s*)?$", RegexOptions.CultureInvariant)]
    private static partial Regex WithAnd();

    [GeneratedRegex(@"\b(not|no|never|wrong|incorrect|instead|but|check|then)\b|n't\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Doubt();

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

    /// <summary>A reference whose every command was escaped twice (<c>\\\\frac</c>), as JSON in JSON has it, with single backslashes.</summary>
    public static string Unescaped(string reference) =>
        reference.Contains("\\\\", StringComparison.Ordinal) && Single().Count(reference) == 0 ? reference.Replace("\\\\", "\\", StringComparison.Ordinal) : reference;

    // A backslash that stands by itself, or three.
    [GeneratedRegex(@"(?<!\\)\\(?:\\\\)*(?!\\)", RegexOptions.CultureInvariant)]
    private static partial Regex Single();

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
