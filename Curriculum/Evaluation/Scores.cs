using Curriculum.Plans;
using Curriculum.Work;

namespace Curriculum.Evaluation;

/// <summary>One score per problem, 0 to 1, from the answers.</summary>
internal static class Scores
{
    public static double[] Greedy(BenchmarkAnswers answers) => Of(answers, answer => answer.GreedyCorrect ? 1 : 0);

    public static double[] GreedyStepsValid(BenchmarkAnswers answers) => Of(answers, answer => answer.GreedyStepsValid ? 1 : 0);

    public static double[] Sampled(BenchmarkAnswers answers) => Of(answers, answer => Share(answer, answer.SamplesCorrect));

    public static double[] SampledStepsValid(BenchmarkAnswers answers) => Of(answers, answer => Share(answer, answer.SamplesStepsValid));

    public static double[] Primary(BenchmarkAnswers answers, Metric metric) => metric switch
    {
        Metric.Sampled => Sampled(answers),
        Metric.Greedy => Greedy(answers),
        _ => throw new ArgumentOutOfRangeException(nameof(metric), metric, "Unknown metric."),
    };

    public static BenchmarkAnswers On(this ArmSeedResult result, string benchmark) =>
        result.Benchmarks.First(answers => answers.Name == benchmark);

    private static double[] Of(BenchmarkAnswers answers, Func<ProblemAnswers, double> score) => [.. answers.Answers.Select(score)];

    private static double Share(ProblemAnswers answer, int part)
    {
        if (answer.Samples < 1 || part < 0 || part > answer.Samples)
            throw new ArgumentException($"Expected between 0 and all of the samples of problem '{answer.ProblemId}', at least one taken; found {part} of {answer.Samples}.");
        return (double)part / answer.Samples;
    }
}
