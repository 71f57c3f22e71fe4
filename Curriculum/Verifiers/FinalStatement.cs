using System.Text.RegularExpressions;

namespace Curriculum.Verifiers;

/// <summary>Finds the answer that a completion's last sentence states, for completions that mark it in no other way.</summary>
/// <remarks>
/// <c>The answer is 42.</c>: what follows the last verb or colon of the sentence, up to its end. <c>Final Answer: The final answer is 42. I hope it is correct.</c>, which
/// few-shot prompts ask for, counts where it is not the end as well, if it states the same answer each time. Nothing is taken from a sentence that denies or supposes.
/// </remarks>
internal static partial class FinalStatement
{
    private const int Longest = 80;
    private const string Hope = "I hope it is correct.";

    public static string? Find(string text)
    {
        if (text.Contains("\\boxed", StringComparison.Ordinal) || text.Contains("####", StringComparison.Ordinal))
            return null;
        var control = text.IndexOf("<|", StringComparison.Ordinal);
        text = (control > 0 ? text[..control] : text).Trim().Trim('\u0003').Trim();
        if (Announced().Matches(text) is { Count: > 0 } announced)
        {
            var first = announced[0].Groups[1].Value.Trim();
            return announced.All(other => other.Groups[1].Value.Trim() == first) && !Doubt().IsMatch(first) ? first : null;
        }

        if (text.EndsWith(Hope, StringComparison.Ordinal))
            text = text[..^Hope.Length].TrimEnd();
        text = text.TrimEnd('.', ' ');
        var sentence = text[(Sentence().Matches(text) is { Count: > 0 } ends ? ends[^1].Index + ends[^1].Length : 0)..];
        if (Doubt().IsMatch(sentence) || Verb().Matches(sentence) is not { Count: > 0 } verbs)
            return null;
        if (sentence.AsSpan(verbs[0].Index, verbs[^1].Index - verbs[0].Index).IndexOfAnyInRange('0', '9') >= 0 || Choice().IsMatch(sentence[..verbs[^1].Index]))
            return null;
        var stated = sentence[(verbs[^1].Index + verbs[^1].Length)..].Trim();
        return stated.Length is > 0 and <= Longest ? stated : null;
    }

    [GeneratedRegex(@"[Ff]inal answer is:?\s([^\n]{1,200}?)\.\s+I hope it is correct", RegexOptions.CultureInvariant)]
    private static partial Regex Announced();

    [GeneratedRegex(@"[.!?]\s+|\n|(?=\b(?:Therefore|Thus|Hence)\b)", RegexOptions.CultureInvariant)]
    private static partial Regex Sentence();

    [GeneratedRegex(@"\b(?:is|are|equals|equal to|increases by|decreases by)\s+|:\s+", RegexOptions.CultureInvariant)]
    private static partial Regex Verb();

    [GeneratedRegex(@"\b(or|either)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Choice();

    [GeneratedRegex(@"\b(not|if|suppose|assume|unless|except|other than|neither|nor|without|wrong|incorrect|maybe|perhaps|about|approximately|roughly|almost|least|most|check)\b|n't\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Doubt();
}
