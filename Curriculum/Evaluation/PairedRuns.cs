using Curriculum.Draws;
using Curriculum.Plans;
using Curriculum.Work;

namespace Curriculum.Evaluation;

/// <summary>The difference of an arm of one run to one of another: by problem and seed, with the bootstrap of a verdict's comparisons.</summary>
public static class PairedRuns
{
    /// <summary>One minus the other.</summary>
    /// <param name="seeds">The answers to the same problems in the same order, seed by seed.</param>
    /// <param name="key">Of the random draws.</param>
    public static Estimate Difference(
        IReadOnlyList<(IReadOnlyList<ProblemAnswers> One, IReadOnlyList<ProblemAnswers> Other)> seeds, Metric metric, double confidence, int draws, string key)
    {
        double[][] differences = [.. seeds.Select(seed => Of(seed.One, metric).Zip(Of(seed.Other, metric), (one, other) => one - other).ToArray())];
        return CrossedBootstrap.Draw([differences], draws, KeyedRandom.Stream($"bootstrap/runs/{key}").NextInt)[0].Interval(confidence);
    }

    /// <summary>Whether the answers are to the same problems, in the same order.</summary>
    public static bool AreOfOneKind(IReadOnlyList<ProblemAnswers> one, IReadOnlyList<ProblemAnswers> other) =>
        one.Count > 0 && one.Select(answer => answer.ProblemId).SequenceEqual(other.Select(answer => answer.ProblemId));

    private static double[] Of(IReadOnlyList<ProblemAnswers> answers, Metric metric) => Scores.Primary(new() { Name = "", Answers = answers }, metric);
}
