using System.Buffers;
using Curriculum.Arithmetic;
using Curriculum.Problems;

namespace Curriculum.Evaluation.Traces;

/// <summary>Traces of random-calculation completions: lines <c>left op right = result;</c>, then the answer line.</summary>
/// <remarks>
/// A step that uses a number which neither the question nor an earlier result gives has a false premise. One whose operator is not that of the expert's
/// step at the same place is a false rule, as is one too many or one too few. A pair is coherent when the later step's numbers were all known by then
/// and at least one of them, or one of the question's, is used: it goes on from what was written.
/// </remarks>
internal static class CalculationTrace
{
    private static readonly SearchValues<char> NumberCharacters = SearchValues.Create("0123456789-/.");

    public static Trace Of(Problem problem, string completion)
    {
        var mark = completion.LastIndexOf('#');
        var working = (mark < 0 ? "" : completion[..mark]).Trim().TrimEnd(';');
        var lines = working.Length == 0 ? [] : working.Split(';');
        var expert = problem.Steps.Where(step => !step.StartsWith('#')).Select(step => Sign(LeftOf(step.TrimEnd(';')))).ToList();
        var known = Numbers(problem.Question.TrimEnd('=')).ToHashSet();
        var steps = new List<TraceStep>();
        var (pairs, coherent) = (0, 0);
        for (var i = 0; i < lines.Length; i++)
        {
            var (tag, premise, result) = Judge(lines[i], i < expert.Count ? expert[i] : null, known);
            steps.Add(new(lines[i].Length == 0 ? ";" : lines[i], tag, i < expert.Count ? i : null));
            if (i > 0)
                (pairs, coherent) = (pairs + 1, coherent + (premise ? 1 : 0));
            if (result is { } value)
                known.Add(value);
        }

        for (var i = lines.Length; i < expert.Count; i++)
            steps.Add(new("", StepTag.FalseRule, i));
        return new()
        {
            Steps = steps,
            Pairs = pairs,
            CoherentPairs = coherent,
            Correct = ProblemFamilies.Get(problem.Family).Verify(problem, completion).Correct,
            Operations = expert.Count,
        };
    }

    private static (StepTag Tag, bool Premise, Rational? Result) Judge(string line, char? expected, HashSet<Rational> known)
    {
        var equals = line.LastIndexOf('=');
        if (equals < 0 || !ExactArithmetic.TryEvaluate(line.AsSpan(0, equals), out var left) || !ExactArithmetic.TryEvaluate(line.AsSpan(equals + 1), out var right))
            return (StepTag.Format, false, null);

        var premise = Numbers(line[..equals]).All(known.Contains);
        var tag = !premise ? StepTag.FalsePremise
            : Sign(line[..equals]) != expected ? StepTag.FalseRule
            : left != right ? StepTag.Calculator
            : StepTag.Sound;
        return (tag, premise, right);
    }

    private static string LeftOf(string step) => step[..step.LastIndexOf('=')];

    /// <summary>The operator outside all parentheses; null where there is none, as in a term alone.</summary>
    private static char? Sign(string expression)
    {
        var depth = 0;
        for (var i = 0; i < expression.Length; i++)
        {
            depth += expression[i] switch { '(' => 1, ')' => -1, _ => 0 };
            if (depth == 0 && i > 0 && expression[i] is '+' or '-' or '*' or '/' or '^')
                return expression[i];
        }

        return null;
    }

    /// <summary>Every number and every parenthesised part without an operator other than a fraction's, exactly.</summary>
    private static IEnumerable<Rational> Numbers(string expression)
    {
        var at = 0;
        while (at < expression.Length)
        {
            // A fraction or a negative number in parentheses is one number: (3/4), (-147/4).
            if (expression[at] == '(' && expression.IndexOf(')', at) is > 0 and var close && IsNumber(expression.AsSpan(at + 1, close - at - 1))
                && Rational.TryParse(expression.AsSpan(at + 1, close - at - 1), out var whole))
            {
                yield return whole;
                at = close + 1;
                continue;
            }

            var start = at;
            while (at < expression.Length && (char.IsAsciiDigit(expression[at]) || expression[at] == '.'))
                at++;
            // The exponent of a power is part of the operator.
            if (at > start && (start == 0 || expression[start - 1] != '^') && Rational.TryParse(expression.AsSpan(start, at - start), out var number))
                yield return number;
            if (at == start)
                at++;
        }
    }

    private static bool IsNumber(ReadOnlySpan<char> text) => text.Length > 0 && text.IndexOfAnyExcept(NumberCharacters) < 0;
}
