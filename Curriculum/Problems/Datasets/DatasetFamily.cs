using System.Text.RegularExpressions;
using Curriculum.Draws;
using Curriculum.Plans;
using Curriculum.Verifiers;

namespace Curriculum.Problems.Datasets;

/// <summary>Problems of a data set in JSON Lines, answered in <c>\boxed{}</c> and judged by <see cref="MathVerifier"/>.</summary>
/// <remarks>
/// The expert's steps are the item's, each followed by an empty line, and last <c>\boxed{answer}</c> with <see cref="Gsm8k.End"/>. A step may have several
/// lines, so a step ends with the end of the text, and its prompt says that one step is asked for. Difficulty is the number of steps.
/// </remarks>
public sealed partial class DatasetFamily : IProblemFamily
{
    public const string FamilyName = "dataset";

    private const int FaultsShown = 10;

    public string Name => FamilyName;

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The data set has faults or duplicates, or a setting cannot be met; the message names lines and setting.</exception>
    public IReadOnlyList<Problem> Create(ProblemSetPlan plan, IReadOnlyList<string>? dataset)
    {
        if (dataset is null)
            throw new ArgumentException("Expected dataset to name a blob of JSON Lines for the family dataset; it is not set.", nameof(plan));
        if (plan.Difficulty.Count > 0)
            throw new ArgumentException("Expected difficulty to be empty for the family dataset: its problems are read, not generated.", nameof(plan));
        var reading = DatasetReader.Read(dataset, plan.Verifier is not null);
        if (reading.Faults.Count > 0)
        {
            throw new ArgumentException(
                $"Expected a data set without faults, found {reading.Faults.Count} in {plan.Dataset}: "
                + string.Join(" ", reading.Faults.Take(FaultsShown).Select(fault => $"Line {fault.Line}: {fault.Message}")), nameof(plan));
        }

        var duplicates = DatasetOverlap.Duplicates(reading.Items.Select(item => (item.Id, item.Problem)));
        if (duplicates.Count > 0)
        {
            throw new ArgumentException(
                $"Expected each problem once, found {duplicates.Count} duplicates in {plan.Dataset}: "
                + string.Join(", ", duplicates.Take(FaultsShown).Select(pair => $"'{pair.Id}' is '{pair.SameAs}'")) + "; remove them.", nameof(plan));
        }

        var problems = reading.Items.Where(item => plan.Split == DatasetSplit.All || ContentHash.SplitOf(item.Problem) == plan.Split).Select(Pose).ToArray();
        if (plan.Count < 1 || plan.Count > problems.Length)
            throw new ArgumentException($"Expected count of 1 to {problems.Length}, the problems of split '{plan.Split}' in {plan.Dataset}; found {plan.Count}.", nameof(plan));
        KeyedRandom.Stream(FormattableString.Invariant($"{FamilyName}/{plan.Seed}")).Shuffle<Problem>(problems);
        return problems[..plan.Count];
    }

    /// <inheritdoc/>
    public string Prompt(Problem problem, int? step = null) => step is { } asked
        ? $"{problem.Question}\n\n{string.Concat(problem.Steps.Take(asked))}Write the next step of the solution, and nothing after it.\n\n"
        : $"{problem.Question}\n\nSolve it in numbered steps and put the final answer in \\boxed{{}}.\n\n";

    /// <inheritdoc/>
    /// <remarks>Nothing: the steps stand in the question, before the request for the next one.</remarks>
    public string Begun(Problem problem, int? step) => "";

    public char Stop(bool step) => Gsm8k.End;

    /// <inheritdoc/>
    /// <remarks>
    /// Well formed if there is an answer at all; correct if the math verifier says that it equals the reference. Steps are valid only where they show
    /// it: with calculator annotations that all recompute.
    /// </remarks>
    public Verification Verify(Problem problem, string completion)
    {
        var verdict = MathVerifier.Verify(completion, problem.Answer);
        return new(
            verdict.Outcome != MathOutcome.NoAnswer,
            verdict.Accepted,
            verdict.Accepted && Annotations.Read(completion) is { Count: > 0 } all && all.All(annotation => annotation.Fault == AnnotationFault.None),
            verdict.Outcome is MathOutcome.OutOfWork or MathOutcome.Unreadable ? verdict.Outcome.ToString() : null);
    }

    public string Reference(Problem problem) => ReferenceOf(problem.Answer);

    public AnswerForm Answers => AnswerForm.Text;

    /// <inheritdoc/>
    /// <remarks>Numbers in lowest terms, whatever their notation; other answers as they are written, so that equal ones may stand apart.</remarks>
    public string? Answer(string completion) => MathVerifier.AnswerOf(completion) is { } answer ? MathVerifier.Normal(answer) : null;

    public bool HasTitles => true;

    /// <inheritdoc/>
    /// <remarks>The number and what stands in <c>**</c> after it.</remarks>
    public string Title(Problem problem, int step) => TitleOf().Match(problem.Steps[step]).Value;

    [GeneratedRegex(@"^[0-9]{1,3}[.)] \*\*[^*\n]+\*\*")]
    private static partial Regex TitleOf();

    /// <summary>Why no completion could be right, because the verifier refuses the reference as an answer to itself; null where it does not.</summary>
    internal static string? AnswerFault(string answer)
    {
        if (MathVerifier.Fault(answer) is { } fault)
            return fault;
        return MathVerifier.Verify(ReferenceOf(answer), answer) is { Accepted: false } verdict
            ? $"Expected an answer that the math verifier accepts as equal to itself, found '{answer}', which it does not ({verdict.Outcome}): {verdict.Reason} No completion could be correct."
            : null;
    }

    private static string ReferenceOf(string answer) => $"\\boxed{{{answer}}}{Gsm8k.End}";

    /// <summary>The problem that an item is.</summary>
    public static Problem Pose(DatasetItem item) => new()
    {
        Id = item.Id,
        Family = FamilyName,
        Question = item.Problem,
        Answer = item.Answer,
        Steps = item.Steps.Count == 0 ? [] : [.. item.Steps.Select(step => step.TrimEnd() + "\n\n"), ReferenceOf(item.Answer)],
        Difficulty = item.Steps.Count,
        Released = item.Released,
    };
}
