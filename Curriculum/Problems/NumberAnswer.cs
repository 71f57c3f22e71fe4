using System.Collections.Frozen;
using System.Text.RegularExpressions;
using Curriculum.Arithmetic;
using Curriculum.Verifiers;

namespace Curriculum.Problems;

/// <summary>Reads the number that a solution ends with, as GSM8K writes it or as a chat model does.</summary>
/// <remarks>
/// The answer is the line after the last <c>####</c> or the content of the last <c>\boxed{}</c>, whichever comes later. Around the number may stand emphasis
/// (<c>**72**</c>), dollars (<c>$72</c>, <c>-$3</c>, <c>$-3</c>, <c>$72$</c>), the words <c>The answer is</c>, and after it what was counted
/// (<c>72 clips</c>, <c>25%</c>). A word that is or may be part of the number, <c>2 dozen</c> or <c>72 or 73</c>, makes it no answer: the number alone would be another.
/// </remarks>
internal static partial class NumberAnswer
{
    private static readonly FrozenSet<string> NumberWords = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
        "nineteen", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", "dozen", "dozens", "score", "scores", "gross",
        "hundred", "hundreds", "thousand", "thousands", "million", "millions", "billion", "billions", "trillion", "trillions", "k", "m", "bn",
        "half", "halves", "third", "thirds", "quarter", "quarters", "fourth", "fourths", "fifth", "fifths", "sixth", "sixths", "eighth", "eighths", "tenth", "tenths",
        "hundredth", "hundredths", "thousandth", "thousandths", "pair", "pairs", "couple", "couples", "e",
        "and", "or", "to", "plus", "minus", "times", "divided", "over", "by", "not", "no", "less", "more", "fewer", "than", "least", "most", "about", "below", "under", "above", "remainder",
        "x", "pi", "squared", "cubed", "factorial");

    /// <summary>The number after the last <c>####</c> or in the last <c>\boxed{}</c>; false where there is neither, or no number alone.</summary>
    public static bool TryRead(string text, out Rational answer)
    {
        answer = default;
        return Find(text) is { } written && TryNumber(written, out answer);
    }

    /// <summary>The number after the last <c>####</c>: where a reference stands.</summary>
    public static bool TryReadReference(string text, out Rational answer)
    {
        answer = default;
        var mark = text.LastIndexOf(Gsm8k.AnswerMark, StringComparison.Ordinal);
        return mark >= 0 && TryNumber(Line(text, mark), out answer);
    }

    private static string? Find(string text)
    {
        var mark = text.LastIndexOf(Gsm8k.AnswerMark, StringComparison.Ordinal);
        var box = text.LastIndexOf("\\boxed", StringComparison.Ordinal);
        return box > mark ? MathVerifier.AnswerOf(text[box..]) : mark >= 0 ? Line(text, mark) : null;
    }

    private static string Line(string text, int mark)
    {
        var line = text[(mark + Gsm8k.AnswerMark.Length)..].TrimStart();
        return line.IndexOfAny(['\n', '\r', Gsm8k.End]) is >= 0 and var end ? line[..end] : line;
    }

    private static bool TryNumber(string written, out Rational answer)
    {
        answer = default;
        written = TextCommand().Replace(written, " $1 ").Replace("{,}", ",", StringComparison.Ordinal).Replace("\\$", "$", StringComparison.Ordinal)
            .Replace("\\%", "%", StringComparison.Ordinal).Replace('\u2212', '-').Replace('\u00a0', ' ');
        if (written.Length > AnswerLength)
            return false;
        written = Emphasis().Replace(written, "").Trim();
        if (Mixed().Match(written) is { Success: true } mixed)
            return TryMixed(mixed, out answer);
        if (Form().Match(written) is not { Success: true } form)
            return false;
        if (form.Groups["sign"].Length > 0 && form.Groups["inner"].Length > 0)
            return false;
        if (form.Groups["unit"].Value.Split([' ', '-', '/', '(', ')', '.'], StringSplitOptions.RemoveEmptyEntries).Any(NumberWords.Contains))
            return false;
        if (!Rational.TryParse(form.Groups["number"].ValueSpan, out answer))
            return false;
        if (form.Groups["sign"].Length + form.Groups["inner"].Length > 0)
            answer = -answer;
        return true;
    }

    private static bool TryMixed(Match mixed, out Rational answer)
    {
        answer = default;
        if (!Rational.TryParse($"{mixed.Groups["top"].Value}/{mixed.Groups["bottom"].Value}", out var part))
            return false;
        answer = mixed.Groups["whole"].Length > 0 && Rational.TryParse(mixed.Groups["whole"].ValueSpan, out var whole) ? whole + part : part;
        if (mixed.Groups["sign"].Length > 0)
            answer = -answer;
        return true;
    }

    private const int AnswerLength = 200;

    [GeneratedRegex(@"\\(?:text|textbf|textit|mathrm|mathbf)\{([^{}]*)\}")]
    private static partial Regex TextCommand();

    // Emphasis of Markdown begins and ends words; a star between digits is a sign of arithmetic.
    [GeneratedRegex(@"(?<=^|\s)[*_`]+|[*_`]+(?=$|[\s.])")]
    private static partial Regex Emphasis();

    // 3 1/2, \frac{7}{2}, 3\frac{1}{2}
    [GeneratedRegex(@"^\$?\s*(?<sign>-?)\s*(?:(?<whole>[0-9]+) (?<top>[0-9]+)/(?<bottom>[0-9]+)|(?<whole>[0-9]*)\s*\\[dt]?frac\{(?<top>[0-9]+)\}\{(?<bottom>[0-9]+)\})\s*\$?\.?$")]
    private static partial Regex Mixed();

    [GeneratedRegex(
        @"^(?:(?:the )?(?:final )?answer(?: is)?:? *)?\$?\s*(?<sign>-?)\s*[$€£]?\s*(?<inner>-?)(?<number>[0-9][0-9,]*(?:\.[0-9]+)?|\.[0-9]+|[0-9]+/[0-9]+)\s*\$?(?<unit>%|(?:\s*%)?(?:\s+\(?\p{L}[\p{L}'./-]*\)?){0,5})\s*\$?\s*\.?\s*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Form();
}
