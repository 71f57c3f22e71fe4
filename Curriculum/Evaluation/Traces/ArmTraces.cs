using Curriculum.Problems;

namespace Curriculum.Evaluation.Traces;

/// <summary>Coherence and validity of one arm's traces on the probe problems, greedy completions unless said otherwise.</summary>
public sealed record ArmTraces
{
    public required string Arm { get; init; }

    public required int Seeds { get; init; }

    public required Estimate Correct { get; init; }

    /// <summary>Mean over traces of coherent pairs / pairs; a trace of fewer than two steps has nothing coherent and counts 0.</summary>
    public required Estimate Coherence { get; init; }

    /// <summary>Share of traces whose answer is right and whose every step is sound.</summary>
    public required Estimate Validity { get; init; }

    /// <summary>Steps by tag, over all traces.</summary>
    public required IReadOnlyDictionary<StepTag, int> Tags { get; init; }

    /// <summary>Of the problems with a right sample, the share with one whose every step is sound (pass@k trace coherence); null where no sample was right.</summary>
    public double? SoundAtK { get; init; }

    /// <summary>By whether the base and the arm answered right; empty for the base.</summary>
    public required IReadOnlyList<TracePattern> Patterns { get; init; }

    /// <summary>Of seeds x problems.</summary>
    /// <param name="arm">Its name.</param>
    /// <param name="problems">The probe problems.</param>
    /// <param name="greedy">For each seed the greedy completions, in the order of the problems.</param>
    /// <param name="samples">For each seed and problem the samples.</param>
    /// <param name="start">Greedy completions of the base; null for the base itself.</param>
    /// <param name="interval">The interval of seeds x problems scores.</param>
    public static ArmTraces Of(
        string arm, IReadOnlyList<Problem> problems, IReadOnlyList<IReadOnlyList<string>> greedy, IReadOnlyList<IReadOnlyList<IReadOnlyList<string>>> samples,
        IReadOnlyList<string>? start, Func<double[][], Estimate> interval)
    {
        Trace[][] traces = [.. greedy.Select(texts => texts.Select((text, i) => Trace.Of(problems[i], text)).ToArray())];
        var before = start?.Select((text, i) => Trace.Of(problems[i], text)).ToArray();
        Estimate Over(Func<Trace, double> score) => interval([.. traces.Select(row => row.Select(score).ToArray())]);
        var found = samples.SelectMany(seed => seed.Select((texts, i) => texts.Select(text => Trace.Of(problems[i], text)).Where(trace => trace.Correct).ToList()))
            .Where(right => right.Count > 0).ToList();
        return new()
        {
            Arm = arm,
            Seeds = greedy.Count,
            Correct = Over(trace => trace.Correct ? 1 : 0),
            Coherence = Over(CoherenceOf),
            Validity = Over(trace => trace.Valid ? 1 : 0),
            Tags = new SortedDictionary<StepTag, int>(Enum.GetValues<StepTag>().ToDictionary(tag => tag, tag => traces.Sum(row => row.Sum(trace => trace.Steps.Count(step => step.Tag == tag))))),
            SoundAtK = found.Count == 0 ? null : found.Average(right => right.Any(trace => trace.Valid) ? 1.0 : 0),
            Patterns = before is null ? [] : TracePattern.Of([.. traces.SelectMany(row => row.Select((after, i) => (before[i], after)))]),
        };
    }

    internal static double CoherenceOf(Trace trace) => trace.Pairs == 0 ? 0 : (double)trace.CoherentPairs / trace.Pairs;
}

/// <summary>The problems that the base and the arm answered in one of the four ways.</summary>
public sealed record TracePattern
{
    /// <summary><c>00</c>, <c>01</c>, <c>10</c> or <c>11</c>: the base's answer, then the arm's; 1 is right.</summary>
    public required string Pattern { get; init; }

    public required int Problems { get; init; }

    public double? BaseCoherence { get; init; }

    public double? Coherence { get; init; }

    public double? BaseValidity { get; init; }

    public double? Validity { get; init; }

    /// <summary>All four, in order; means are null where a pattern has no problem.</summary>
    public static IReadOnlyList<TracePattern> Of(IReadOnlyList<(Trace Before, Trace After)> pairs) =>
    [
        .. from before in (bool[])[false, true]
           from after in (bool[])[false, true]
           let among = pairs.Where(pair => pair.Before.Correct == before && pair.After.Correct == after).ToList()
           select new TracePattern
           {
               Pattern = $"{(before ? 1 : 0)}{(after ? 1 : 0)}",
               Problems = among.Count,
               BaseCoherence = Mean(among, pair => ArmTraces.CoherenceOf(pair.Before)),
               Coherence = Mean(among, pair => ArmTraces.CoherenceOf(pair.After)),
               BaseValidity = Mean(among, pair => pair.Before.Valid ? 1 : 0),
               Validity = Mean(among, pair => pair.After.Valid ? 1 : 0),
           },
    ];

    private static double? Mean(List<(Trace Before, Trace After)> pairs, Func<(Trace Before, Trace After), double> of) => pairs.Count == 0 ? null : pairs.Average(of);
}
