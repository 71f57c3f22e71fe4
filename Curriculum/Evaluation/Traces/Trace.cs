using Curriculum.Problems;

namespace Curriculum.Evaluation.Traces;

/// <summary>One completion, step by step: deterministic checks, no judge.</summary>
/// <remarks>
/// Coherence is local and asks of each step only whether it goes on from the one before; validity is global and asks whether the whole is right.
/// A trace of consistent nonsense is coherent and invalid. The answer line is no step.
/// </remarks>
public sealed record Trace
{
    /// <summary>In the order written, with a <see cref="StepTag.FalseRule"/> for each operation that was passed over.</summary>
    public required IReadOnlyList<TraceStep> Steps { get; init; }

    /// <summary>Pairs of written steps of which the later goes on from the earlier, and how many pairs there are.</summary>
    public required int CoherentPairs { get; init; }

    public required int Pairs { get; init; }

    /// <summary>Whether the answer is right.</summary>
    public required bool Correct { get; init; }

    /// <summary>Whether the answer is right and every step is sound.</summary>
    public bool Valid => Correct && Written > 0 && Steps.All(step => step.Tag == StepTag.Sound);

    /// <summary>Steps that were written.</summary>
    public int Written => Steps.Count(step => step.Text.Length > 0);

    /// <summary>Operations that the problem asks for.</summary>
    public required int Operations { get; init; }

    /// <summary>Whether the family's steps can be checked so: those that are generated.</summary>
    public static bool CanRead(string family) => family is TwoDials.FamilyName or RandomCalculation.FamilyName;

    /// <summary>Reads a completion of any text at all.</summary>
    /// <exception cref="ArgumentException">The family's steps cannot be checked: see <see cref="CanRead"/>.</exception>
    public static Trace Of(Problem problem, string completion) => problem.Family switch
    {
        TwoDials.FamilyName => TwoDialsTrace.Of(problem, completion),
        RandomCalculation.FamilyName => CalculationTrace.Of(problem, completion),
        _ => throw new ArgumentException($"Expected a problem of a generated family, whose steps can be checked; found '{problem.Family}'.", nameof(problem)),
    };
}

/// <summary>One step.</summary>
/// <param name="Text">As written; empty for an operation that was passed over.</param>
/// <param name="Tag">What is wrong with it.</param>
/// <param name="Operation">Position of the operation that it works on; null where that cannot be told.</param>
public sealed record TraceStep(string Text, StepTag Tag, int? Operation);
