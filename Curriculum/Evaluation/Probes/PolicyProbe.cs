using Curriculum.Evaluation.Audits;
using Curriculum.Problems;
using Curriculum.Work;

namespace Curriculum.Evaluation.Probes;

/// <summary>What the probes found of one policy, as the workers gave it.</summary>
public sealed record PolicyProbe
{
    /// <summary>Greedy and sampled completions of the probe problems, keyed by problem.</summary>
    public required IReadOnlyList<Continuation> Completions { get; init; }

    /// <summary>Scores of the fixed texts and of the base's own samples: see <see cref="ProbeTexts"/>.</summary>
    public required IReadOnlyList<TextScore> Scores { get; init; }

    /// <summary>Counts over many samples, for pass@k; empty where none were taken.</summary>
    public required IReadOnlyList<ProblemAnswers> Many { get; init; }

    /// <summary>Groups on training problems, sampled by the policy that RLVR starts from; empty where it starts from the base.</summary>
    public required IReadOnlyList<ProblemAnswers> Groups { get; init; }
}

/// <summary>What was measured of the base before any training.</summary>
public sealed record BaseMeasures
{
    public required IReadOnlyList<BenchmarkAudit> Audits { get; init; }

    /// <summary>The fixed set; empty where the plan has no probes.</summary>
    public required IReadOnlyList<Problem> Problems { get; init; }

    public PolicyProbe? Probe { get; init; }

    /// <summary>What could not be measured, and why; work ids without the run.</summary>
    public required IReadOnlyList<string> Failures { get; init; }

    /// <summary>Numerics fingerprints of the work behind this.</summary>
    public required IReadOnlyList<string> Fingerprints { get; init; }
}

/// <summary>The texts that every policy scores.</summary>
public static class ProbeTexts
{
    private const string Reference = "reference/";
    private const string Sampled = "base/";

    /// <summary>The segments of a reference text.</summary>
    public const int Prompt = 0, Working = 1, Answer = 2;

    /// <summary>Each problem with its expert's working and answer line, then each sample of the base.</summary>
    public static IReadOnlyList<ScoredText> Of(IReadOnlyList<Problem> problems, IReadOnlyList<Continuation> baseCompletions)
    {
        var samples = baseCompletions.ToDictionary(completion => completion.Key, completion => completion.Samples, StringComparer.Ordinal);
        return
        [
            .. problems.Where(problem => problem.Steps.Count > 0).Select(problem => new ScoredText(
                Reference + problem.Id, [Question(problem), string.Concat(problem.Steps.SkipLast(1)), problem.Steps[^1]])),
            .. problems.SelectMany(problem => samples[problem.Id]
                .Select((sample, i) => new ScoredText(FormattableString.Invariant($"{Sampled}{problem.Id}/{i}"), [Question(problem), sample]))
                .Where(text => text.Segments[1].Length > 0)),
        ];
    }

    public static IReadOnlyList<TextScore> References(IEnumerable<TextScore> scores) => [.. scores.Where(score => score.Key.StartsWith(Reference, StringComparison.Ordinal))];

    public static IReadOnlyList<TextScore> Samples(IEnumerable<TextScore> scores) => [.. scores.Where(score => score.Key.StartsWith(Sampled, StringComparison.Ordinal))];

    private static string Question(Problem problem) => ProblemFamilies.Get(problem.Family).Prompt(problem);
}
