using Curriculum.Arithmetic;
using Curriculum.Problems;
using Curriculum.Work;

namespace Curriculum.Rewards;

/// <summary>The label of a problem by vote.</summary>
/// <param name="Label">The answer given most often; null where no sample had one.</param>
/// <param name="Votes">How many samples gave it.</param>
/// <param name="Samples">How many were drawn.</param>
/// <param name="Correct">Whether it is the right answer.</param>
public sealed record MajorityLabel(string? Label, int Votes, int Samples, bool Correct)
{
    /// <summary>Counts equal answers among the first so many votes; of those given equally often the one that was given first wins.</summary>
    public static MajorityLabel Of(ProblemVotes votes, Problem problem, int counted)
    {
        IReadOnlyList<string?> answers = [.. votes.Answers.Take(counted)];
        var first = answers
            .OfType<string>()
            .GroupBy(answer => answer, StringComparer.Ordinal)
            .Select(group => (Answer: group.Key, Count: group.Count()))
            .Aggregate(((string Answer, int Count)?)null, (best, next) => best is { } leader && leader.Count >= next.Count ? best : next);
        return first is { } won
            ? new(won.Answer, won.Count, answers.Count, Canonical(won.Answer) == Canonical(problem.Answer))
            : new(null, 0, answers.Count, Correct: false);
    }

    // Two answers of a family are equal as its Answer gives them; a reference may be written in another way.
    private static string Canonical(string answer) => Rational.TryParse(answer, out var number) ? number.ToString() : answer;
}
