using Curriculum.Evaluation.Audits;
using Curriculum.Evaluation.Probes;
using Curriculum.Problems;
using Curriculum.Work;

namespace Curriculum.Evaluation.Activation;

/// <summary>What training moved in one arm, beside its score: an axis of its own, never proof of the other.</summary>
public sealed record ArmActivation
{
    public required string Arm { get; init; }

    public required int Seeds { get; init; }

    /// <summary>Mean counts a response, over greedy and sampled completions.</summary>
    public required Behaviours Behaviours { get; init; }

    /// <summary>Verifications and backtrackings a response, over seeds and problems; null in verdicts that were written before it was taken.</summary>
    public Estimate? Reflection { get; init; }

    /// <summary>Share of greedy completions by strategy.</summary>
    public required IReadOnlyDictionary<Strategy, double> Strategies { get; init; }

    /// <summary>Against the base, greedy; empty for the base.</summary>
    public required IReadOnlyList<StrategySwitch> Switches { get; init; }

    /// <summary>Of the questions themselves; a prompt's coherence to the policy.</summary>
    public double? PromptPerplexity { get; init; }

    /// <summary>Of the experts' working, given the question.</summary>
    public double? WorkingPerplexity { get; init; }

    /// <summary>Of the experts' answer lines, given the question and the working.</summary>
    public double? AnswerPerplexity { get; init; }

    /// <summary>KL(base || arm) a token, in nats; null for the base.</summary>
    public double? Divergence { get; init; }

    /// <summary>The divergence with its interval over seeds and the base's texts, whose mean length is taken as given; null where there is none.</summary>
    public Estimate? DivergenceEstimate { get; init; }

    /// <summary>Mean ROUGE-L of the arm's greedy answers against the base's; null for the base.</summary>
    public double? RougeL { get; init; }

    /// <summary>Means over the seeds of an arm; of the base where <paramref name="start"/> is null.</summary>
    public static ArmActivation Of(
        string arm, IReadOnlyList<Problem> problems, IReadOnlyList<PolicyProbe> seeds, PolicyProbe? start, Func<double[][], Estimate> interval)
    {
        double Reflections(Problem problem, Continuation completion) => completion.Samples.Prepend(completion.Greedy)
            .Select(text => Behaviours.Of(problem, text)).Average(behaviours => behaviours.Verification + behaviours.Backtracking);
        double[][]? parts = start is null ? null : [.. seeds.Select(probe => Likelihoods.DivergenceParts(ProbeTexts.Samples(start.Scores), ProbeTexts.Samples(probe.Scores), segment: 1))];
        var responses = seeds.SelectMany(probe => probe.Completions.Select((completion, i) => (Problem: problems[i], Completion: completion))).ToList();
        var used = responses.GroupBy(pair => Activation.Strategies.Of(pair.Problem, pair.Completion.Greedy)).ToDictionary(group => group.Key, group => (double)group.Count() / responses.Count);
        double? Mean(Func<PolicyProbe, double?> of) => seeds.Select(of).Average();
        double? Perplexity(int segment) => Mean(probe => Likelihoods.Perplexity(ProbeTexts.References(probe.Scores), segment));
        return new()
        {
            Arm = arm,
            Seeds = seeds.Count,
            Behaviours = Behaviours.Mean([.. responses.SelectMany(pair => pair.Completion.Samples.Prepend(pair.Completion.Greedy).Select(text => Behaviours.Of(pair.Problem, text)))]),
            Reflection = interval([.. seeds.Select(probe => probe.Completions.Select((completion, i) => Reflections(problems[i], completion)).ToArray())]),
            Strategies = new SortedDictionary<Strategy, double>(Enum.GetValues<Strategy>().ToDictionary(strategy => strategy, strategy => used.GetValueOrDefault(strategy))),
            Switches = start is null ? []
                : Activation.Strategies.Switches([.. seeds.SelectMany(probe => problems.Select((problem, i) => Pair(problem, start.Completions[i].Greedy, probe.Completions[i].Greedy)))]),
            PromptPerplexity = Perplexity(ProbeTexts.Prompt),
            WorkingPerplexity = Perplexity(ProbeTexts.Working),
            AnswerPerplexity = Perplexity(ProbeTexts.Answer),
            Divergence = start is null ? null : Mean(probe => Likelihoods.Divergence(ProbeTexts.Samples(start.Scores), ProbeTexts.Samples(probe.Scores), segment: 1)),
            DivergenceEstimate = parts is null || parts[0].Length == 0 ? null : interval(parts),
            RougeL = start is null ? null : Mean(probe => probe.Completions.Zip(start.Completions, (after, before) => Audits.RougeL.F1(after.Greedy, before.Greedy)).Average()),
        };
    }

    private static StrategyPair Pair(Problem problem, string before, string after)
    {
        var family = ProblemFamilies.Get(problem.Family);
        return new(
            Activation.Strategies.Of(problem, before), family.Verify(problem, before).Correct,
            Activation.Strategies.Of(problem, after), family.Verify(problem, after).Correct);
    }
}
