using Curriculum.Draws;
using Curriculum.Plans;
using Curriculum.Problems.Datasets;

namespace Curriculum.Problems;

/// <summary>GSM8K: grade-school word problems, read from JSON Lines with <c>question</c> and <c>answer</c> (arXiv 2110.14168).</summary>
/// <remarks>
/// The expert's steps are the lines of the solution, calculator annotations such as <c>&lt;&lt;48/2=24&gt;&gt;</c> kept, each ending in a line feed; the last is
/// <c>#### 72</c> and <see cref="End"/>, which stands for the end of the text. What is not sound is left out: see <see cref="Gsm8kReader"/>.
/// Difficulty is the number of solution lines. Ids are <c>gsm8k/{line}</c>, from 0.
/// </remarks>
public sealed class Gsm8k : IProblemFamily
{
    public const string FamilyName = "gsm8k";

    /// <summary>Ends a whole solution (U+0003, end of text); a tokenizer maps its own end token to it.</summary>
    public const char End = '\u0003';

    /// <summary>Comes before the final answer.</summary>
    public const string AnswerMark = "####";

    public string Name => FamilyName;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">A setting cannot be met; the message names it.</exception>
    public IReadOnlyList<Problem> Create(ProblemSetPlan plan, IReadOnlyList<string>? dataset)
    {
        if (dataset is null)
            throw new ArgumentException("Expected dataset to name a blob of JSON Lines for the family gsm8k; it is not set.", nameof(plan));
        if (plan.Difficulty.Count > 0)
            throw new ArgumentException("Expected difficulty to be empty for the family gsm8k: its problems are read, not generated.", nameof(plan));
        var read = Gsm8kReader.Read(dataset);
        var problems = read.Problems.Where(problem => plan.Split == DatasetSplit.All || ContentHash.SplitOf(problem.Question) == plan.Split).ToList();
        if (plan.Count < 1 || plan.Count > problems.Count)
        {
            throw new ArgumentException(
                $"Expected count of 1 to {problems.Count}, the sound problems of split '{plan.Split}' among {dataset.Count} lines of {plan.Dataset}; found {plan.Count}.", nameof(plan));
        }

        var order = problems.ToArray();
        KeyedRandom.Stream(FormattableString.Invariant($"{FamilyName}/{plan.Seed}")).Shuffle<Problem>(order);
        return order[..plan.Count];
    }

    public string Prompt(Problem problem, int? step = null) => $"{problem.Question}\n{string.Concat(problem.Steps.Take(step ?? 0))}";

    public char Stop(bool step) => step ? '\n' : End;

    /// <inheritdoc/>
    /// <remarks>
    /// Well formed if nothing but a number follows the last <c>####</c> (a dollar sign before it, a full stop after it and thousands separators are allowed);
    /// correct if that number equals the reference. Steps are valid if the answer is, and there is an annotation, and every one recomputes exactly.
    /// </remarks>
    public Verification Verify(Problem problem, string completion)
    {
        if (!TryReadAnswer(completion, out var answer))
            return new(false, false, false);
        var correct = Rational.TryParse(problem.Answer, out var expected) && answer == expected;
        return new(true, correct, correct && Annotations.Read(completion) is { Count: > 0 } all && all.All(a => a.Fault == AnnotationFault.None));
    }

    /// <inheritdoc/>
    public string Reference(Problem problem) => $"{AnswerMark} {problem.Answer}{End}";

    public AnswerForm Answers => AnswerForm.Number;

    public string? Answer(string completion) => TryReadAnswer(completion, out var answer) ? answer.ToString() : null;

    internal static bool TryReadAnswer(string text, out Rational answer)
    {
        answer = default;
        var mark = text.LastIndexOf(AnswerMark, StringComparison.Ordinal);
        if (mark < 0)
            return false;
        var written = text.AsSpan(mark + AnswerMark.Length).TrimEnd(End).Trim().TrimEnd('.');
        var negative = written.StartsWith('-');
        var number = (negative ? written[1..] : written).TrimStart('$');
        if (number.Length == 0 || !char.IsAsciiDigit(number[0]) && number[0] != '.' || !Rational.TryParse(number, out answer))
            return false;
        if (negative)
            answer = -answer;
        return true;
    }
}
