using Curriculum.Plans;

namespace Curriculum.Rewards;

/// <summary>The step reward of SRL: 2M/T of the action and the expert's step, -1 where the format fails (arXiv 2510.25992, section 3).</summary>
/// <remarks>
/// The action must be there and must end in the stop character, which stands nowhere else in it. The stop character and white space around
/// the action are form and not content, so they are not compared: a lone slip in a short step weighs more, and a group in which one
/// trajectory alone is right stays above the admission threshold.
/// </remarks>
public static class StepSimilarityReward
{
    /// <summary>What a malformed completion or an empty action earns.</summary>
    public const double Malformed = -1;

    /// <summary>Runes of action and step that can match; those past it count as unmatched.</summary>
    public const int Cap = 2048;

    /// <summary>Grades one action, the stop character included.</summary>
    /// <param name="action">What was written, without the monologue before it.</param>
    /// <param name="expertStep">The target, with or without its own stop character.</param>
    /// <param name="stop">The family's stop character.</param>
    /// <param name="plan">Autojunk.</param>
    public static Grade Of(string action, string expertStep, char stop, RewardPlan plan)
    {
        if (action.Length == 0 || action.IndexOf(stop, StringComparison.Ordinal) != action.Length - 1)
            return new(Malformed, WellFormed: false);
        var content = action[..^1].Trim();
        if (content.Length == 0)
            return new(Malformed, WellFormed: false);
        return new(SequenceMatcher.Ratio(content, expertStep.TrimEnd(stop).Trim(), plan.Autojunk, Cap), WellFormed: true);
    }
}
