using Curriculum.Evaluation.Traces;
using Curriculum.Problems;

namespace Orchestrations.Trajectories;

/// <summary>Reads a completion for people: its monologue, its steps, and what the verifier makes of it. Never throws on any text.</summary>
internal static class CompletionReading
{
    /// <param name="problem">What was asked; null where that is not known any more.</param>
    /// <param name="text">As written.</param>
    /// <param name="step">The step that was asked for; null for a whole solution.</param>
    public static ReadCompletion Of(Problem? problem, string text, int? step = null)
    {
        var plain = new ReadCompletion { Text = text, Steps = [new(text, null)] };
        try
        {
            return problem is null ? plain : Read(problem, text, step);
        }
        catch (Exception fault) when (fault is FormatException or ArgumentException or InvalidOperationException)
        {
            // What is stored is no problem of its family.
            return plain;
        }
    }

    private static ReadCompletion Read(Problem problem, string text, int? step)
    {
        var family = ProblemFamilies.Get(problem.Family);
        var (monologue, answer) = Split(text, family.Tags);
        return new()
        {
            Text = text,
            Monologue = monologue,
            Steps = step is null && Trace.CanRead(problem.Family)
                ? [.. Trace.Of(problem, answer).Steps.Select(read => new ReadStep(read.Text, read.Tag)), .. Rest(answer)]
                : [.. Parts(answer, family.Stop(step: true)).Select(part => new ReadStep(part, null))],
            Verifier = step is null && problem.Verifier is null ? Verify(family, problem, answer) : null,
        };
    }

    private static VerifierReading Verify(IProblemFamily family, Problem problem, string answer)
    {
        var found = family.Verify(problem, answer);
        var read = family.Answer(answer);
        var reason = found switch
        {
            { Correct: true } => null,
            { Label: { } label } => $"no verdict: {label}",
            { WellFormed: false } => "it does not have the expected form",
            _ => read is null ? $"expected {problem.Answer}" : $"expected {problem.Answer}, read {read}",
        };
        return new(found.Correct, found.StepsValid, read, reason);
    }

    private static (string? Monologue, string Answer) Split(string text, MonologueTags tags)
    {
        var end = text.IndexOf(tags.Close, StringComparison.Ordinal);
        if (end < 0)
            return (null, text);
        var begin = text.StartsWith(tags.Open, StringComparison.Ordinal) ? tags.Open.Length : 0;
        return (text[begin..end], text[(end + tags.Close.Length)..]);
    }

    /// <summary>The answer line, which is no step and is shown with them.</summary>
    private static IEnumerable<ReadStep> Rest(string answer) => answer.LastIndexOf('#') is >= 0 and var mark ? [new(answer[mark..], null)] : [];

    private static IEnumerable<string> Parts(string answer, char stop)
    {
        var begin = 0;
        for (var at = answer.IndexOf(stop, StringComparison.Ordinal); at >= 0; at = answer.IndexOf(stop, begin))
        {
            yield return answer[begin..(at + 1)];
            begin = at + 1;
        }

        if (begin < answer.Length)
            yield return answer[begin..];
    }
}
