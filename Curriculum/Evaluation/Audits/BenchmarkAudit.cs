using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Work;

namespace Curriculum.Evaluation.Audits;

/// <summary>What the base remembers of one benchmark.</summary>
public sealed record BenchmarkAudit
{
    /// <summary>The benchmark's name in the plan.</summary>
    public required string Benchmark { get; init; }

    public required int Problems { get; init; }

    /// <summary>For each cut, without and with the template.</summary>
    public required IReadOnlyList<AuditRow> Rows { get; init; }

    /// <summary>Completion rate that decides: greedy, without a template, at the deciding cut.</summary>
    public required Estimate Completion { get; init; }

    public required Recital Recital { get; init; }

    /// <summary>Judges the continuations of a benchmark's cut questions.</summary>
    /// <param name="benchmark">Its name.</param>
    /// <param name="problems">Those that were audited.</param>
    /// <param name="continuations">By <see cref="CutQuestion.KeyOf"/>.</param>
    /// <param name="plan">Cuts and thresholds.</param>
    /// <param name="confidence">Of the interval of the completion rate (Wilson).</param>
    /// <exception cref="ArgumentException">A continuation is missing.</exception>
    public static BenchmarkAudit Of(
        string benchmark, IReadOnlyList<Problem> problems, IReadOnlyDictionary<string, Continuation> continuations, AuditPlan plan, double confidence)
    {
        List<AuditRow> rows = [];
        foreach (var template in (bool[])[false, true])
        {
            foreach (var cut in plan.Cuts)
                rows.Add(AuditRow.Of(cut, template, [.. problems.Select(problem => Find(new(problem, cut), template))]));
        }

        (CutQuestion, Continuation) Find(CutQuestion question, bool template) => continuations.TryGetValue(question.KeyOf(template), out var found)
            ? (question, found)
            : throw new ArgumentException($"Expected a continuation of '{question.KeyOf(template)}', found none.", nameof(continuations));

        var deciding = rows.First(row => row.Cut == plan.DecidingCut && !row.Template);
        return new()
        {
            Benchmark = benchmark,
            Problems = problems.Count,
            Rows = rows,
            Completion = Wilson.Interval((int)Math.Round(deciding.ExactMatch * problems.Count), problems.Count, confidence),
            Recital = deciding.ExactMatch > plan.RecitedAbove ? Recital.Recited
                : deciding.ExactMatch < plan.ClearedBelow ? Recital.Cleared
                : Recital.Suspect,
        };
    }
}

/// <summary>One cut of a benchmark's questions, means over its problems, 0 to 1.</summary>
public sealed record AuditRow
{
    public required double Cut { get; init; }

    public required bool Template { get; init; }

    /// <summary>Completion rate of the greedy continuation, word for word.</summary>
    public required double ExactMatch { get; init; }

    public required double RougeL { get; init; }

    /// <summary>Share of greedy continuations that hold the right answer.</summary>
    public required double Answered { get; init; }

    /// <summary>The same means over the samples, avg@k; null where none were taken.</summary>
    public double? SampledExactMatch { get; init; }

    public double? SampledRougeL { get; init; }

    public double? SampledAnswered { get; init; }

    internal static AuditRow Of(double cut, bool template, IReadOnlyList<(CutQuestion Question, Continuation Continuation)> continued)
    {
        var greedy = continued.Select(pair => pair.Question.Judge(pair.Continuation.Greedy)).ToArray();
        var sampled = continued.Select(pair => pair.Continuation.Samples.Select(pair.Question.Judge).ToArray()).ToArray();
        double? Mean(Func<CutJudgement, double> of) => sampled[0].Length == 0 ? null : sampled.Average(samples => samples.Average(of));
        return new()
        {
            Cut = cut,
            Template = template,
            ExactMatch = greedy.Average(judged => judged.Exact ? 1.0 : 0),
            RougeL = greedy.Average(judged => judged.RougeL),
            Answered = greedy.Average(judged => judged.Answered ? 1.0 : 0),
            SampledExactMatch = Mean(judged => judged.Exact ? 1 : 0),
            SampledRougeL = Mean(judged => judged.RougeL),
            SampledAnswered = Mean(judged => judged.Answered ? 1 : 0),
        };
    }
}
