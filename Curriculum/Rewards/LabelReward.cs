using Curriculum.Problems;

namespace Curriculum.Rewards;

/// <summary>1 if the answer is the label that the base's samples voted for, whatever the right one is; 0 without a label (Shao et al. 2025, Spurious Rewards).</summary>
/// <remarks>The reward <c>incorrect</c> is this one over the problems alone whose label is wrong.</remarks>
public static class LabelReward
{
    public static Grade Of(Problem problem, string? label, string completion)
    {
        var graded = OutcomeReward.Of(problem with { Answer = label ?? problem.Answer }, completion);
        return label is null ? graded with { Reward = 0 } : graded;
    }
}
