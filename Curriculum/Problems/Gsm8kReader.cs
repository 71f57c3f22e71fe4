using System.Text.Json;
using Curriculum.Problems.Datasets;
using Curriculum.Texts;

namespace Curriculum.Problems;

/// <summary>Reads GSM8K lines, and says of each that it leaves out why.</summary>
/// <remarks>A line is left out whole: a solution that is wrong or only rounded in one place is no demonstration of checkable steps.</remarks>
public static class Gsm8kReader
{
    /// <summary>Accepted problems and rejected lines; each line that is not blank is exactly one of them.</summary>
    public static Gsm8kReading Read(IEnumerable<string> lines)
    {
        var problems = new List<Problem>();
        var rejected = new List<RejectedLine>();
        foreach (var (problem, line) in Rows(lines))
        {
            if (problem is not null)
                problems.Add(problem);
            if (line is not null)
                rejected.Add(line);
        }

        return new(problems, rejected);
    }

    /// <summary>The same line by line: either of the two.</summary>
    public static IEnumerable<(Problem? Problem, RejectedLine? Rejected)> Rows(IEnumerable<string> lines)
    {
        var known = new HashSet<string>(StringComparer.Ordinal);
        var index = -1;
        foreach (var line in lines)
        {
            index++;
            if (Utf8Lines.IsBlank(line))
                continue;
            var (problem, reason, detail) = ReadLine(line, index);
            if (problem is not null && !known.Add(ContentHash.Of(problem.Question)))
                (problem, reason, detail) = (null, RejectReason.Duplicate, "The question was read before.");
            yield return problem is null ? (null, new(index, reason, detail)) : (problem, null);
        }
    }

    private static (Problem? Problem, RejectReason Reason, string Detail) ReadLine(string line, int index)
    {
        if (!TryFields(line, out var question, out var solution))
            return (null, RejectReason.NotAProblem, "Expected a JSON object with the texts question and answer.");
        if (!NumberAnswer.TryReadReference(solution, out var answer))
            return (null, RejectReason.NoAnswer, $"Expected a number after {Gsm8k.AnswerMark} at the end of the answer.");
        var working = solution[..solution.LastIndexOf(Gsm8k.AnswerMark, StringComparison.Ordinal)];
        var steps = working.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (steps.Length == 0)
            return (null, RejectReason.NoSteps, "Expected solution lines before the final answer.");
        foreach (var annotation in Annotations.Read(working))
        {
            var reason = annotation.Fault switch
            {
                AnnotationFault.Rounded => RejectReason.RoundedAnnotation,
                AnnotationFault.Wrong => RejectReason.WrongAnnotation,
                AnnotationFault.Unreadable => RejectReason.UnreadableAnnotation,
                _ => (RejectReason?)null,
            };
            if (reason is { } found)
                return (null, found, $"<<{annotation.Text}>>");
        }

        return (new()
        {
            Id = FormattableString.Invariant($"{Gsm8k.FamilyName}/{index}"),
            Family = Gsm8k.FamilyName,
            Question = question,
            Answer = answer.ToString(),
            Steps = [.. steps.Select(step => step + "\n"), $"{Gsm8k.AnswerMark} {answer}{Gsm8k.End}"],
            Difficulty = steps.Length,
        }, default, "");
    }

    private static bool TryFields(string line, out string question, out string answer)
    {
        (question, answer) = ("", "");
        try
        {
            using var document = JsonDocument.Parse(line);
            if (document.RootElement.ValueKind != JsonValueKind.Object
                || !document.RootElement.TryGetProperty("question", out var q) || q.ValueKind != JsonValueKind.String
                || !document.RootElement.TryGetProperty("answer", out var a) || a.ValueKind != JsonValueKind.String)
            {
                return false;
            }

            (question, answer) = (q.GetString()!.Trim(), a.GetString()!);
            return question.Length > 0;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // GetString refuses escaped lone surrogates with InvalidOperationException.
            return false;
        }
    }
}

/// <summary>What was read.</summary>
public sealed record Gsm8kReading(IReadOnlyList<Problem> Problems, IReadOnlyList<RejectedLine> Rejected);

/// <summary>A line left out.</summary>
/// <param name="Line">From 0.</param>
/// <param name="Reason">The first that applies.</param>
/// <param name="Detail">What was expected, or the annotation at fault.</param>
public sealed record RejectedLine(int Line, RejectReason Reason, string Detail)
{
    /// <summary>Whether the line is none of GSM8K's, and not one whose solution is unsound: the file is another than was meant.</summary>
    public bool IsFault => Reason is RejectReason.NotAProblem or RejectReason.NoAnswer;
}

/// <summary>Why a line is left out.</summary>
public enum RejectReason
{
    /// <summary>Not a JSON object with the texts question and answer.</summary>
    NotAProblem,

    /// <summary>No number after the last answer mark.</summary>
    NoAnswer,

    /// <summary>No solution line.</summary>
    NoSteps,

    /// <summary>An annotation is not arithmetic.</summary>
    UnreadableAnnotation,

    /// <summary>An annotation's value is off.</summary>
    WrongAnnotation,

    /// <summary>An annotation's value is rounded.</summary>
    RoundedAnnotation,

    /// <summary>The question stands on an earlier line.</summary>
    Duplicate,
}
