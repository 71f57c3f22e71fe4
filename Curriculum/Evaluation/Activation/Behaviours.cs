using System.Text.RegularExpressions;
using Curriculum.Evaluation.Traces;
using Curriculum.Problems;

namespace Curriculum.Evaluation.Activation;

/// <summary>How often a response verifies, backtracks, sets subgoals and chains backwards (the four of arXiv 2503.01307).</summary>
/// <remarks>
/// In a generated family they are read off the steps. Verification: a step that says again, with the same result, what an earlier step said.
/// Backtracking: a step that does an operation again with another result. Subgoals: operations that have a result of their own before the answer.
/// Backward chaining: a step for a later operation that is written before one for an earlier operation. In other families they are phrases, counted.
/// Counts say that a behaviour was written, never that it helped.
/// </remarks>
public sealed partial record Behaviours(double Verification, double Backtracking, double Subgoals, double BackwardChaining)
{
    /// <summary>Counts in one response.</summary>
    public static Behaviours Of(Problem problem, string text) => Trace.CanRead(problem.Family) ? Of(Trace.Of(problem, text)) : new(
        Verifying().Count(text), Backtracks().Count(text), Subgoal().Count(text), Backward().Count(text));

    /// <summary>Mean counts a response.</summary>
    public static Behaviours Mean(IReadOnlyList<Behaviours> counts) => new(
        counts.Average(one => one.Verification), counts.Average(one => one.Backtracking), counts.Average(one => one.Subgoals), counts.Average(one => one.BackwardChaining));

    private static Behaviours Of(Trace trace)
    {
        var (verified, backtracked, backward) = (0, 0, 0);
        var written = trace.Steps.Where(step => step.Text.Length > 0 && step.Tag != StepTag.Format).ToList();
        var done = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < written.Count; i++)
        {
            var (task, result) = Split(written[i]);
            if (done.TryGetValue(task, out var before))
                (verified, backtracked) = before == result ? (verified + 1, backtracked) : (verified, backtracked + 1);
            else if (written[i].Operation is { } at && written.Skip(i + 1).Any(later => later.Operation < at && !done.ContainsKey(Split(later).Task)))
                backward++;
            done[task] = result;
        }

        return new(verified, backtracked, done.Count, backward);
    }

    // Two dials name the operation by its first letter; in other steps the task is what stands before the last equals sign.
    private static (string Task, string Result) Split(TraceStep step)
    {
        var equals = step.Text.LastIndexOf('=');
        return char.IsAsciiLetterUpper(step.Text[0]) ? (step.Text[..1], step.Text[(equals + 1)..]) : (step.Text[..Math.Max(0, equals)], step.Text[(equals + 1)..]);
    }

    [GeneratedRegex(@"\b(let me (check|verify)|to verify|double[- ]check|checking (this|our|the)|we can verify)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Verifying();

    [GeneratedRegex(@"\b(wait|let me (try again|start over|reconsider)|that('s| is) (wrong|not right|incorrect)|i made a mistake|on second thought)\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Backtracks();

    [GeneratedRegex(@"\b(first|next|then|finally|step \d+)\b\s*,|\b(we (first )?need to (find|calculate|determine)|break (this|it) (down|into))\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Subgoal();

    [GeneratedRegex(@"\b(work(ing)? backwards?|start(ing)? (from|with) the (end|answer|goal|result)|to (get|reach) (this|the) (answer|result|goal))\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Backward();
}
