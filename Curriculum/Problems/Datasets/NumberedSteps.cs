using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Curriculum.Verifiers;

namespace Curriculum.Problems.Datasets;

/// <summary>Converts solutions in numbered steps (<c>1. **Title** ...</c>, as in s1K) into data set items; each rejected line says why.</summary>
/// <remarks>
/// A step begins at the start of a line with the next number, and goes on to the next step: an indented list inside it belongs to it. The last step may
/// hold the final answer. Everything else is rejected, because a solution that is cut in the wrong places teaches wrong steps (arXiv 2510.25992 drops those too).
/// </remarks>
public static partial class NumberedSteps
{
    /// <summary>Converts lines of JSON.</summary>
    /// <param name="lines">JSON objects.</param>
    /// <param name="fields">The names of the members to read.</param>
    /// <param name="prefix">Ids are the prefix, a slash and the line's number from 0.</param>
    public static Conversion Convert(IReadOnlyList<string> lines, NumberedStepsFields fields, string prefix)
    {
        var items = new List<DatasetItem>();
        var rejected = new List<RejectedItem>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        for (var index = 0; index < lines.Count; index++)
        {
            var (item, reason, detail) = ReadLine(lines[index], fields, FormattableString.Invariant($"{prefix}/{index}"));
            if (item is not null && !known.Add(ContentHash.Of(item.Problem)))
                (item, reason, detail) = (null, "duplicate", "The problem was read before.");
            if (item is null)
                rejected.Add(new(index + 1, reason, detail));
            else
                items.Add(item);
        }

        return new(items, rejected);
    }

    /// <summary>The steps of a solution, each with its number and title; or the reason and detail for which there are none.</summary>
    public static (IReadOnlyList<string> Steps, string Reason, string Detail) Split(string solution)
    {
        var steps = new List<List<string>>();
        foreach (var line in solution.ReplaceLineEndings("\n").Split('\n'))
        {
            if (StepStart().Match(line) is { Success: true } start)
            {
                var number = int.Parse(start.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
                if (number != steps.Count + 1)
                    return ([], "numbering", $"Expected step {steps.Count + 1}, found {number}.");
                steps.Add([line]);
            }
            else if (steps.Count > 0)
            {
                steps[^1].Add(line);
            }
            else if (!string.IsNullOrWhiteSpace(line))
            {
                return ([], "text-before-step-1", line.Length <= 80 ? line : line[..80]);
            }
        }

        if (steps.Count < 2)
            return ([], "no-steps", $"Expected at least 2 numbered steps, found {steps.Count}.");
        var texts = steps.Select(step => string.Join('\n', step).Trim()).ToList();
        return texts.FindIndex(text => StepStart().Replace(text, "").Trim(' ', '*').Length == 0) is var empty and >= 0
            ? ([], "empty-step", $"Step {empty + 1} is empty.")
            : (texts, "", "");
    }

    private static (DatasetItem? Item, string Reason, string Detail) ReadLine(string line, NumberedStepsFields fields, string id)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(line);
        }
        catch (JsonException error)
        {
            return (null, "not-json", error.Message);
        }

        using (document)
        {
            if (Text(document.RootElement, fields.Problem) is not { } problem)
                return (null, "no-problem", $"Expected text in '{fields.Problem}'.");
            if (Text(document.RootElement, fields.Solution) is not { } solution)
                return (null, "no-solution", $"Expected text in '{fields.Solution}'.");
            var (steps, reason, detail) = Split(solution);
            if (steps.Count == 0)
                return (null, reason, detail);
            var answer = Text(document.RootElement, fields.Answer) ?? (solution.Contains("\\boxed", StringComparison.Ordinal) ? MathVerifier.AnswerOf(solution) : null);
            if (answer is null)
                return (null, "no-answer", $"Expected text in '{fields.Answer}', or \\boxed{{...}} in the solution.");
            if (DatasetFamily.AnswerFault(answer.Trim()) is { } fault)
                return (null, "answer-refused", fault);
            if (problem.Contains(Gsm8k.End, StringComparison.Ordinal) || solution.Contains(Gsm8k.End, StringComparison.Ordinal))
                return (null, "control-character", "Found U+0003, which ends a text.");
            return (new() { Id = id, Problem = problem.Trim(), Steps = steps, Answer = answer.Trim() }, "", "");
        }
    }

    private static string? Text(JsonElement root, string name)
    {
        try
        {
            return root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String
                && !string.IsNullOrWhiteSpace(member.GetString()) ? member.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    [GeneratedRegex(@"^(?:#+ )?(?:\*\*)?(?:Step )?([0-9]{1,3})[.):](?= |\*|$)")]
    private static partial Regex StepStart();
}

/// <summary>The members that hold problem, solution and answer.</summary>
public sealed record NumberedStepsFields(string Problem = "question", string Solution = "solution", string Answer = "answer");

/// <summary>What a conversion gave.</summary>
public sealed record Conversion(IReadOnlyList<DatasetItem> Items, IReadOnlyList<RejectedItem> Rejected);

/// <summary>A line left out.</summary>
/// <param name="Line">From 1.</param>
/// <param name="Reason">A label to count by.</param>
/// <param name="Detail">What was found.</param>
public sealed record RejectedItem(int Line, string Reason, string Detail);
