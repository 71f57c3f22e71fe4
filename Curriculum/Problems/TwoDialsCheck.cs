namespace Curriculum.Problems;

/// <summary>What is right and wrong in a completion of a two-dials problem, line by line.</summary>
public sealed record TwoDialsCheck
{
    /// <summary>Lines and then exactly one answer line, nothing after it. A bare answer line is well formed.</summary>
    public required bool WellFormed { get; init; }

    /// <summary>Well formed, and the answer line gives both dials.</summary>
    public required bool Correct { get; init; }

    /// <summary>Correct, and each operation has its line, in order, without a fault; one that is written again has none either.</summary>
    public bool StepsValid => Correct && Steps.All(step => step.Fault == StepFault.None);

    /// <summary>In the order written, with an entry for each operation that was passed over where it is missing.</summary>
    public required IReadOnlyList<StepCheck> Steps { get; init; }

    private const int LineLength = 7;

    internal static TwoDialsCheck Of(Problem problem, string completion)
    {
        var operations = DialOperation.Parse(problem.Question);
        var steps = new List<StepCheck>();
        var rest = completion.AsSpan();
        int previous = 0, next = 0, start = 0;
        int? last = null;
        while (IsLine(rest))
        {
            var line = rest[..LineLength];
            int? position = line[0] - 'A' < operations.Count ? line[0] - 'A' : null;
            for (; next < position; next++)
                steps.Add(new(next, "", StepFault.Skipped));
            var fault = StepFault.Operand;
            // The newest line may be written again at once: it then starts where its first did.
            if (position is { } again && again == last && again == next - 1)
                fault = Judge(operations[again], start, line);
            else if (position == next)
                fault = Judge(operations[next++], start = previous, line);
            last = position;
            steps.Add(new(position, line.ToString(), fault));
            previous = line[5] - '0';
            rest = rest[LineLength..];
        }

        for (; next < operations.Count; next++)
            steps.Add(new(next, "", StepFault.Skipped));
        var wellFormed = rest.Length == 4 && rest[0] == '#' && char.IsAsciiDigit(rest[1]) && char.IsAsciiDigit(rest[2]) && rest[3] == '$';
        if (!wellFormed)
            steps.Add(new(null, rest.ToString(), StepFault.Format));
        return new()
        {
            WellFormed = wellFormed,
            Correct = wellFormed && rest[1..3].SequenceEqual(problem.Answer),
            Steps = steps,
        };
    }

    private static bool IsLine(ReadOnlySpan<char> text) =>
        text.Length >= LineLength && char.IsAsciiLetterUpper(text[0]) && char.IsAsciiDigit(text[1]) && text[2] is '+' or '-' or '='
        && char.IsAsciiDigit(text[3]) && text[4] == '=' && char.IsAsciiDigit(text[5]) && text[6] == ';';

    private static StepFault Judge(DialOperation operation, int previous, ReadOnlySpan<char> line)
    {
        if (line[1] - '0' != previous)
            return StepFault.Link;
        if (line[2] != operation.Sign || line[3] - '0' != operation.Operand)
            return StepFault.Operand;
        return line[5] - '0' == operation.Apply(previous) ? StepFault.None : StepFault.Arithmetic;
    }
}

/// <summary>One line of a completion.</summary>
/// <param name="Operation">Position of the operation that the line is labelled with; null where there is no such operation.</param>
/// <param name="Text">The line as written; empty for one that was passed over.</param>
/// <param name="Fault">The first that applies, in the order link, operand, arithmetic.</param>
public sealed record StepCheck(int? Operation, string Text, StepFault Fault);

/// <summary>Mutually exclusive faults of a step.</summary>
public enum StepFault
{
    None,

    /// <summary>The previous value is not the result of the line before (0 on the first line), nor that line's own previous value where its operation is done again.</summary>
    Link,

    /// <summary>Sign or operand differ from the question's, or the line goes back to an earlier operation than the last or is labelled with none.</summary>
    Operand,

    /// <summary>The result does not follow from what the line itself says.</summary>
    Arithmetic,

    /// <summary>The operation has no line.</summary>
    Skipped,

    /// <summary>What is left of the text is neither a line nor an answer line.</summary>
    Format,
}
