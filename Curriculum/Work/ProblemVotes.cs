using Curriculum.Problems;
using Curriculum.Rewards;

namespace Curriculum.Work;

/// <summary>What samples of the base answered to one problem, in the order drawn; null for a sample without an answer.</summary>
public sealed record ProblemVotes(string ProblemId, IReadOnlyList<string?> Answers)
{
    /// <summary>The label by the first so many votes.</summary>
    public MajorityLabel Label(Problem problem, int votes) => MajorityLabel.Of(
        [.. Answers.Take(votes)], answer => Canonical(answer) == Canonical(problem.Answer));

    // Two answers of a family are equal as its Answer gives them; a reference may be written in another way.
    private static string Canonical(string answer) => Rational.TryParse(answer, out var number) ? number.ToString() : answer;
}
