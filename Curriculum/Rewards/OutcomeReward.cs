using Curriculum.Problems;

namespace Curriculum.Rewards;

/// <summary>The verifiable reward: 1 if the family's verifier accepts the answer, else 0.</summary>
/// <remarks>Correctness is gated on format, and format alone earns nothing: a bonus for it would reinforce long, wrong, well-formed answers.</remarks>
public static class OutcomeReward
{
    /// <param name="problem">The problem.</param>
    /// <param name="completion">The whole completion.</param>
    /// <param name="verify">Judges in the family's place; null for the family's own verifier.</param>
    public static Grade Of(Problem problem, string completion, Func<Problem, string, Verification>? verify = null)
    {
        var verification = verify is null ? ProblemFamilies.Get(problem.Family).Verify(problem, completion) : verify(problem, completion);
        return new(verification is { WellFormed: true, Correct: true } ? 1 : 0, verification.WellFormed, verification.Label);
    }
}
