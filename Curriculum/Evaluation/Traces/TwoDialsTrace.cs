using Curriculum.Problems;

namespace Curriculum.Evaluation.Traces;

/// <summary>Traces of two-dials completions, from the family's own line check.</summary>
/// <remarks>
/// A previous value that is not the result before it, or an operand that is not the question's, is a false premise. A sign that is not the
/// question's, a line that goes back to an earlier operation than the last or belongs to none, and an operation passed over are false rules. A pair of lines is
/// coherent when the later takes up the result of the earlier and is labelled with the next letter, or does the earlier's operation again from where it started.
/// </remarks>
internal static class TwoDialsTrace
{
    public static Trace Of(Problem problem, string completion)
    {
        var operations = DialOperation.Parse(problem.Question);
        var check = TwoDials.Check(problem, completion);
        // What is left over where the answer line should stand is one step that cannot be read, unless nothing is.
        var steps = check.Steps.Where(step => step.Fault != StepFault.Format || step.Text.Length > 0)
            .Select(step => new TraceStep(step.Text, Tag(step, operations), step.Operation)).ToList();
        var lines = check.Steps.Where(step => step.Fault is not (StepFault.Skipped or StepFault.Format)).Select(step => step.Text).ToList();
        return new()
        {
            Steps = steps,
            Pairs = Math.Max(0, lines.Count - 1),
            CoherentPairs = lines.Skip(1).Zip(lines, GoesOn).Count(coherent => coherent),
            Correct = check.Correct,
            Operations = operations.Count,
        };
    }

    private static bool GoesOn(string later, string earlier) =>
        (later[0] == earlier[0] + 1 && later[1] == earlier[5]) || (later[0] == earlier[0] && later[1] == earlier[1]);

    private static StepTag Tag(StepCheck step, IReadOnlyList<DialOperation> operations) => step.Fault switch
    {
        StepFault.None => StepTag.Sound,
        StepFault.Link => StepTag.FalsePremise,
        StepFault.Operand when step.Operation is { } at && step.Text[2] == operations[at].Sign && step.Text[3] - '0' != operations[at].Operand => StepTag.FalsePremise,
        StepFault.Operand or StepFault.Skipped => StepTag.FalseRule,
        StepFault.Arithmetic => StepTag.Calculator,
        _ => StepTag.Format,
    };
}
