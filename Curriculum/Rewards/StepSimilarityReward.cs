using Curriculum.Plans;

namespace Curriculum.Rewards;

/// <summary>The step reward of SRL: 2M/T of the action and the expert's step, -1 where the format fails (arXiv 2510.25992, section 3).</summary>
/// <remarks>
/// The action must be there and must end in the stop character, which stands nowhere else in it. The stop character and white space around
/// the action are form and not content, so they are not compared: a lone slip in a short step weighs more, and a group in which one
/// trajectory alone is right stays above the admission threshold.
/// No target is longer than the plan's bound, and of an action that is longer the rest matches nothing and still counts: a copy earns 1, and
/// every beginning of it, and all that goes on after it, less.
/// </remarks>
public static class StepSimilarityReward
{
    /// <summary>What a malformed completion or an empty action earns.</summary>
    public const double Malformed = -1;

    /// <summary>Longest target where the plan does not say, in runes.</summary>
    public const int StandardLongest = 8192;

    /// <summary>Grades one action, the stop character included.</summary>
    /// <param name="action">What was written, without the monologue before it.</param>
    /// <param name="expertStep">The target, with or without its own stop character.</param>
    /// <param name="stop">The family's stop character.</param>
    /// <param name="plan">Autojunk and the longest target.</param>
    /// <exception cref="ArgumentException">The target is longer than the plan allows, which is refused before a run trains.</exception>
    public static Grade Of(string action, string expertStep, char stop, RewardPlan plan)
    {
        if (!IsWellFormed(action, stop))
            return new(Malformed, WellFormed: false);
        var target = Content(expertStep, stop);
        var longest = plan.LongestTarget ?? StandardLongest;
        return Length(target) <= longest
            ? new(SequenceMatcher.Ratio(action[..^1].Trim(), target, plan.Autojunk, longest), WellFormed: true)
            : throw new ArgumentException($"Expected an expert step of at most {longest} characters (reward.longestTarget), found {Length(target)}.", nameof(expertStep));
    }

    /// <summary>Whether an action ends in the stop character, has none before, and says something.</summary>
    public static bool IsWellFormed(string action, char stop) =>
        action.IndexOf(stop, StringComparison.Ordinal) == action.Length - 1 && action.AsSpan().TrimEnd(stop).Trim().Length > 0;

    /// <summary>What of an expert's text is compared.</summary>
    public static string Content(string expertStep, char stop) => expertStep.TrimEnd(stop).Trim();

    /// <summary>In runes.</summary>
    public static int Length(string text)
    {
        var length = 0;
        foreach (var _ in text.EnumerateRunes())
            length++;
        return length;
    }
}
