using Curriculum.Arithmetic;
using Curriculum.Draws;
using Curriculum.Plans;
using Curriculum.Problems.Datasets;
using Curriculum.Texts;

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

    private const int FaultsShown = 10;

    private const string Request = $"Solve it step by step, one step on each line, and end with a line of {AnswerMark} and the final number.";

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
        if (read.Rejected.Where(line => line.IsFault).ToList() is { Count: > 0 } faults)
        {
            throw new ArgumentException(
                $"Expected lines of GSM8K, found {faults.Count} invalid ones in {plan.Dataset}: "
                + string.Join(" ", faults.Take(FaultsShown).Select(line => $"Line {line.Line + 1}: {line.Detail}")), nameof(plan));
        }

        var problems = read.Problems.Where(problem => plan.Split == DatasetSplit.All || ContentHash.SplitOf(problem.Question) == plan.Split).ToList();
        if (plan.Count < 1 || plan.Count > problems.Count)
        {
            throw new ArgumentException(
                $"Expected count of 1 to {problems.Count}, the valid problems of split '{plan.Split}' among {dataset.Count} lines of {plan.Dataset}; found {plan.Count}.", nameof(plan));
        }

        var order = problems.ToArray();
        KeyedRandom.Stream(FormattableString.Invariant($"{FamilyName}/{plan.Seed}")).Shuffle<Problem>(order);
        return order[..plan.Count];
    }

    /// <inheritdoc/>
    /// <remarks>It says how the answer is to be written, which a model that was taught by other data does not know.</remarks>
    public string Prompt(Problem problem, int? step = null) => $"{problem.Question}\n\n{Request}\n\n{string.Concat(problem.Steps.Take(step ?? 0))}";

    public char Stop(bool step) => step ? '\n' : End;

    /// <inheritdoc/>
    /// <remarks>Solutions that are wrong somewhere, or stand there twice.</remarks>
    public string? LeftOut(IReadOnlyList<string> dataset) => Gsm8kReader.Read(dataset).Rejected is { Count: > 0 } rejected
        ? $"{rejected.Count} of {dataset.Count(line => !Utf8Lines.IsBlank(line))} lines are skipped: "
            + string.Join(", ", rejected.Take(FaultsShown).Select(line => $"line {line.Line + 1} ({line.Reason}: {line.Detail})")) + (rejected.Count > FaultsShown ? ", and others." : ".")
        : null;

    /// <inheritdoc/>
    /// <remarks>
    /// Well formed if it ends in a number as <see cref="NumberAnswer"/> reads it, after <c>####</c> or in <c>\boxed{}</c>; correct if that number equals the
    /// reference. Steps are valid if the answer is, and there is an annotation, and every one recomputes exactly.
    /// </remarks>
    public Verification Verify(Problem problem, string completion)
    {
        if (!NumberAnswer.TryRead(completion, out var answer))
            return new(false, false, false);
        var correct = Rational.TryParse(problem.Answer, out var expected) && answer == expected;
        return new(true, correct, correct && Annotations.Read(completion) is { Count: > 0 } all && all.All(a => a.Fault == AnnotationFault.None));
    }

    /// <inheritdoc/>
    public string Reference(Problem problem) => $"{AnswerMark} {problem.Answer}{End}";

    public AnswerForm Answers => AnswerForm.Number;

    public string? Answer(string completion) => NumberAnswer.TryRead(completion, out var answer) ? answer.ToString() : null;
}
