using System.Text;
using System.Text.RegularExpressions;

namespace Curriculum.Verifiers;

/// <summary>An answer as it is written.</summary>
internal static partial class PlainText
{
    // Of a word, the first letter may begin a sentence; x and X are two names.
    [GeneratedRegex(@"(?<![\\A-Za-z])[A-Z][a-z]{2,}", RegexOptions.CultureInvariant)]
    private static partial Regex Capitalized();

    /// <summary>The text without what only sets it: spaces (but between two letters or digits), delimiters, sizes of brackets and fractions.</summary>
    public static string Of(string text)
    {
        var bare = new StringBuilder(
            MathDelimiters.Removed(text).Replace("\\$", "$", StringComparison.Ordinal).Replace("\\dfrac", "\\frac", StringComparison.Ordinal).Replace("\\tfrac", "\\frac", StringComparison.Ordinal));
        foreach (var sizing in (string[])["\\!", "\\,", "\\;", "\\:", "\\ ", "\\left(", "\\right)", "\\left[", "\\right]"])
            bare.Replace(sizing, sizing[^1] is '(' or ')' or '[' or ']' ? sizing[^1..] : " ");
        var set = Capitalized().Replace(bare.ToString(), word => word.Value.ToLowerInvariant());
        var plain = new StringBuilder();
        for (var i = 0; i < set.Length; i++)
        {
            if (!char.IsWhiteSpace(set[i]))
            {
                plain.Append(set[i]);
                continue;
            }

            while (i + 1 < set.Length && char.IsWhiteSpace(set[i + 1]))
                i++;
            if (plain.Length > 0 && i + 1 < set.Length && char.IsLetterOrDigit(plain[^1]) && char.IsLetterOrDigit(set[i + 1]))
                plain.Append(' ');
        }

        return plain.ToString();
    }
}
