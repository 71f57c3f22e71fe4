using Curriculum.Plans;

namespace Curriculum.Problems;

/// <summary>A kind of problem: how it is made, asked, stopped and verified.</summary>
/// <remarks>Implementations: two dials, random calculation, GSM8K, data sets in JSON Lines; found by name through <see cref="ProblemFamilies"/>.</remarks>
public interface IProblemFamily
{
    /// <summary>The name that plans use.</summary>
    string Name { get; }

    /// <summary>Distinct problems, a pure function of the plan and, for a data set, of its lines.</summary>
    /// <param name="plan">Count, seed and difficulty.</param>
    /// <param name="dataset">Lines of the data set; null for a generated family.</param>
    IReadOnlyList<Problem> Create(ProblemSetPlan plan, IReadOnlyList<string>? dataset);

    /// <summary>What of a data set's lines <see cref="Create"/> passes over, in a sentence; null where nothing. Default: nothing, a line with a fault is refused.</summary>
    string? LeftOut(IReadOnlyList<string> dataset) => null;

    /// <summary>The text that the policy continues: the question and the expert steps before <paramref name="step"/>; null asks for the whole solution.</summary>
    string Prompt(Problem problem, int? step = null);

    /// <summary>The end of <see cref="Prompt"/> that is the beginning of the answer, which a chat template gives to the assistant. Default: the expert steps before <paramref name="step"/>.</summary>
    string Begun(Problem problem, int? step) => string.Concat(problem.Steps.Take(step ?? 0));

    /// <summary>The character after which a completion ends: that of a step, or of a whole solution.</summary>
    char Stop(bool step);

    /// <summary>Grades a whole completion; never throws on any text.</summary>
    Verification Verify(Problem problem, string completion);

    /// <summary>The share of the working that a whole completion skips, 0 to 1; 1 is a bare answer. Never throws on any text.</summary>
    /// <remarks>Where a family cannot tell how much there should be: 1 without one written equation, else 0.</remarks>
    double Skipped(Problem problem, string completion) => Working.HasEquation(completion) ? 0 : 1;

    /// <summary>The shortest completion that gives the reference answer in the expected form.</summary>
    string Reference(Problem problem) => $"#{problem.Answer}{Stop(step: false)}";

    /// <summary>The answer as the question itself gives it; null where a family cannot compute it.</summary>
    string? Recompute(Problem problem) => null;

    /// <summary>What <see cref="Answer"/> reads. Default: nothing.</summary>
    AnswerForm Answers => AnswerForm.Unreadable;

    /// <summary>The answer of a whole completion in a form that equal answers share, such that <see cref="Verify"/> takes it for a reference; null if there is none. Never throws.</summary>
    string? Answer(string completion) => null;

    /// <summary>Whether steps have titles. Default false.</summary>
    bool HasTitles => false;

    /// <summary>The beginning of a step that names it; empty where steps have no titles.</summary>
    string Title(Problem problem, int step) => "";

    /// <summary>What stands before and after a monologue. Default <c>&lt;think&gt;</c> and <c>&lt;/think&gt;</c>.</summary>
    MonologueTags Tags => MonologueTags.Standard;
}

/// <summary>What a verifier found.</summary>
/// <param name="WellFormed">The completion has the expected form.</param>
/// <param name="Correct">The answer is right; never true where the form is not.</param>
/// <param name="StepsValid">The answer is right and each written step holds on its own.</param>
/// <param name="Label">Why a verifier gave no verdict of its own (a timeout, an answer that is not understood); null where it gave one.</param>
public sealed record Verification(bool WellFormed, bool Correct, bool StepsValid, string? Label = null);

/// <summary>Whether a family's answers can be read out of completions.</summary>
public enum AnswerForm
{
    /// <summary>They can only be verified.</summary>
    Unreadable,

    /// <summary>As text, equal or not.</summary>
    Text,

    /// <summary>As exact numbers, which have a distance.</summary>
    Number,
}

/// <summary>What stands before and after a monologue.</summary>
public sealed record MonologueTags(string Open, string Close)
{
    public static MonologueTags Standard { get; } = new("<think>", "</think>");
}
