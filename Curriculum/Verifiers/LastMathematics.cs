using System.Text.RegularExpressions;

namespace Curriculum.Verifiers;

/// <summary>Finds the mathematics that a sentence ends with, for completions that mark their answer in no other way.</summary>
/// <remarks>Nothing is taken from a sentence that denies or supposes, or that goes on with other numbers.</remarks>
internal static partial class LastMathematics
{
    private const int LongestRest = 60;

    public static string? Find(string text)
    {
        text = text.Trim().Trim('\u0003').Trim();
        if (text.Contains("\\boxed", StringComparison.Ordinal) || text.Contains("####", StringComparison.Ordinal))
            return null;
        if (Segment().Matches(text) is not { Count: > 0 } found)
            return null;
        var last = found[^1];
        var rest = text[(last.Index + last.Length)..];
        var sentence = text[..last.Index];
        sentence = sentence[(sentence.LastIndexOfAny(['.', '\n', '!', '?']) + 1)..];
        if (rest.Length > LongestRest || rest.Any(char.IsAsciiDigit) || rest.Contains('$', StringComparison.Ordinal) || Doubt().IsMatch(sentence) || Doubt().IsMatch(rest))
            return null;
        var content = last.Groups.Cast<Group>().Skip(1).First(group => group.Success).Value.Trim();
        return content.Length is > 0 and <= AnswerText.MaxLength ? content : null;
    }

    [GeneratedRegex(@"\$\$([^$]+)\$\$|(?<!\\)\$([^$\n]+?)(?<!\\)\$|\\\(((?:(?!\\[()])[^\n])+)\\\)|\\\[((?:(?!\\[\[\]]).)+)\\\]", RegexOptions.Singleline | RegexOptions.CultureInvariant)]
    private static partial Regex Segment();

    [GeneratedRegex(@"\b(not|if|suppose|assume|unless|except|other than|neither|nor|without|wrong|incorrect)\b|n't\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Doubt();
}
