using Curriculum.Arithmetic;
using Curriculum.Problems;

namespace Curriculum.Rewards;

/// <summary>How near a number comes to the right one, 0 to 1 (arXiv 2507.10532): the reward of the random-calculation experiments.</summary>
/// <remarks>r = 1 - 0.5 min(|a - b|, 1) - 0.5 min(|a - b| / (|b| + 1e-6), 1), with differences taken exactly; 0 where there is no number.</remarks>
public static class ContinuousReward
{
    private static readonly Rational Epsilon = new(1, 1_000_000);

    public static double Of(Rational answer, Rational reference)
    {
        var distance = (answer - reference).Abs();
        return 1 - (0.5 * AtMostOne(distance)) - (0.5 * AtMostOne(distance / (reference.Abs() + Epsilon)));
    }

    /// <summary>The reward of a completion in a family whose answers are numbers.</summary>
    public static double Of(Problem problem, string completion) =>
        ProblemFamilies.Get(problem.Family).Answer(completion) is { } text && Rational.TryParse(text, out var answer) && Rational.TryParse(problem.Answer, out var reference)
            ? Of(answer, reference)
            : 0;

    private static double AtMostOne(Rational value) => value >= 1 ? 1 : value.ToDouble();
}
