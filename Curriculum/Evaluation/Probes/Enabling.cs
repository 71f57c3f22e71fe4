using Curriculum.Work;

namespace Curriculum.Evaluation.Probes;

/// <summary>Whether an arm's earlier stages let RLVR start at all: groups on its training problems before and after them.</summary>
/// <remarks>Without one success in a group there is nothing that an outcome reward could reinforce; the base is the same policy for every seed.</remarks>
public sealed record Enabling
{
    public required string Arm { get; init; }

    public required int Seeds { get; init; }

    public required int Problems { get; init; }

    public required int GroupSize { get; init; }

    /// <summary>Share of the problems whose whole group failed.</summary>
    public required double ZeroSuccessBefore { get; init; }

    public required double ZeroSuccessAfter { get; init; }

    /// <summary>After minus before, over seeds and problems.</summary>
    public required Estimate ZeroSuccessChange { get; init; }

    /// <summary>Share of the problems whose group has both a success and a failure: those that RLVR learns from.</summary>
    public required double UsefulBefore { get; init; }

    public required double UsefulAfter { get; init; }

    public required Estimate UsefulChange { get; init; }

    /// <summary>From the base's groups and, for each seed, those of the policy that RLVR started from.</summary>
    public static Enabling Of(string arm, IReadOnlyList<ProblemAnswers> before, IReadOnlyList<IReadOnlyList<ProblemAnswers>> after, Func<double[][], Estimate> interval)
    {
        double[][] Change(Func<ProblemAnswers, double> of) => [.. after.Select(seed => seed.Zip(before, (one, other) => of(one) - of(other)).ToArray())];
        return new()
        {
            Arm = arm,
            Seeds = after.Count,
            Problems = before.Count,
            GroupSize = before[0].Samples,
            ZeroSuccessBefore = before.Average(Zero),
            ZeroSuccessAfter = after.Average(seed => seed.Average(Zero)),
            ZeroSuccessChange = interval(Change(Zero)),
            UsefulBefore = before.Average(Useful),
            UsefulAfter = after.Average(seed => seed.Average(Useful)),
            UsefulChange = interval(Change(Useful)),
        };
    }

    private static double Zero(ProblemAnswers group) => group.SamplesCorrect == 0 ? 1 : 0;

    private static double Useful(ProblemAnswers group) => group.SamplesCorrect > 0 && group.SamplesCorrect < group.Samples ? 1 : 0;
}
