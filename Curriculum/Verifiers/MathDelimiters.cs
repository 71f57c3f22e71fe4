namespace Curriculum.Verifiers;

/// <summary>Tells the dollar signs that begin and end mathematics from those that mean dollars.</summary>
/// <remarks>
/// As Pandoc does: one that begins has no space after it, one that ends has none before it and no digit after it. <c>$18$</c> is 18;
/// <c>$18</c>, <c>\$18</c> and both of <c>$5, $6</c> are dollars.
/// </remarks>
internal static class MathDelimiters
{
    /// <summary>The text with spaces in place of the signs that only delimit.</summary>
    public static string Removed(string text)
    {
        if (!text.Contains('$', StringComparison.Ordinal))
            return text;
        var signs = Unescaped(text);
        var left = text.ToCharArray();
        for (var i = 0; i + 1 < signs.Count; i++)
        {
            var (begin, end) = (signs[i], signs[i + 1]);
            var display = end == begin + 1;
            if (!display && (char.IsWhiteSpace(text[begin + 1]) || char.IsWhiteSpace(text[end - 1]) || (end + 1 < text.Length && char.IsAsciiDigit(text[end + 1]))))
                continue;
            (left[begin], left[end]) = (' ', ' ');
            i++;
        }

        return new(left);
    }

    private static List<int> Unescaped(string text)
    {
        var signs = new List<int>();
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\')
                i++;
            else if (text[i] == '$')
                signs.Add(i);
        }

        return signs;
    }
}
