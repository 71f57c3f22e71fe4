using Curriculum.Plans;

namespace Curriculum.Problems;

/// <summary>A kind of problem: how it is made, asked, stopped and verified.</summary>
/// <remarks>Implementations: two dials, random calculation, GSM8K; found by name through <see cref="ProblemFamilies"/>.</remarks>
public interface IProblemFamily
{
    /// <summary>The name that plans use.</summary>
    string Name { get; }

    /// <summary>Distinct problems, a pure function of the plan and, for a data set, of its lines.</summary>
    /// <param name="plan">Count, seed and difficulty.</param>
    /// <param name="dataset">Lines of the data set; null for a generated family.</param>
    IReadOnlyList<Problem> Create(ProblemSetPlan plan, IReadOnlyList<string>? dataset);

    /// <summary>The text that the policy continues: the question and the expert steps before <paramref name="step"/>.</summary>
    string Prompt(Problem problem, int step = 0);

    /// <summary>The character after which a completion ends: that of a step, or of a whole solution.</summary>
    char Stop(bool step);

    /// <summary>Judges a whole completion; never throws on any text.</summary>
    Verification Verify(Problem problem, string completion);

    /// <summary>The share of the working that a whole completion passes over, 0 to 1; 1 is a bare answer. Never throws on any text.</summary>
    /// <remarks>Where a family cannot tell how much there should be: 1 without one written equation, else 0.</remarks>
    double Skipped(Problem problem, string completion) => Working.HasEquation(completion) ? 0 : 1;

    /// <summary>The shortest completion that gives the reference answer in the expected form.</summary>
    string Reference(Problem problem) => $"#{problem.Answer}{Stop(step: false)}";

    /// <summary>The answer as the question itself gives it; null where a family cannot compute it.</summary>
    string? Recompute(Problem problem) => null;
}

/// <summary>What a verifier found.</summary>
/// <param name="WellFormed">The completion has the expected form.</param>
/// <param name="Correct">The answer is right; never true where the form is not.</param>
/// <param name="StepsValid">The answer is right and each written step holds on its own.</param>
public sealed record Verification(bool WellFormed, bool Correct, bool StepsValid);
