using System.Globalization;
using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Work;

namespace Curriculum.Rewards;

/// <summary>Rewards one trajectory: the one entry to every reward.</summary>
/// <remarks>
/// The format gates: what is malformed has no answer to be right or wrong, so no reward and no inverse of one pays for it; only <c>format</c>
/// and <c>random</c>, which ask for no answer, are turned round for any text.
/// </remarks>
public static class Grader
{
    /// <summary>The reward of a completion and whether it has the expected form.</summary>
    /// <param name="prompt">Problem and step; without a step the whole expert solution is the target.</param>
    /// <param name="action">The text sampled, without a monologue, the stop character included where it was reached.</param>
    /// <param name="terminated">Whether the stop character was reached; a completion that was cut off is malformed.</param>
    /// <param name="reward">With its kind resolved by <see cref="Resolve"/>.</param>
    /// <param name="drawKey">Key of the random reward.</param>
    /// <param name="sample">Index of the trajectory in its group.</param>
    /// <param name="verify">Judges whole completions in the family's place; null for the family's own verifier.</param>
    /// <exception cref="ArgumentException">The kind is unresolved, or the prompt has nothing to compare with.</exception>
    public static Grade Grade(
        RolloutPrompt prompt, string action, bool terminated, RewardPlan reward, string drawKey, int sample, Func<Problem, string, Verification>? verify = null)
    {
        Grade Of(RewardKind kind) => OfKind(kind, prompt, action, terminated, reward, drawKey, sample, verify);
        var grade = Of(reward.Kind);
        if (reward.Inverse && (grade.WellFormed || reward.Kind is RewardKind.Format or RewardKind.Random))
            grade = grade with { Reward = 1 - grade.Reward };
        return reward.And is { } second ? grade with { Reward = Math.Min(grade.Reward, Of(second).Reward) } : grade;
    }

    /// <summary>Replaces <see cref="RewardKind.ByMethod"/> by what the stage asks for: step similarity in SRL and for steps, ground truth elsewhere.</summary>
    public static RewardPlan Resolve(SampledStagePlan stage) => stage.Reward with { Kind = stage.RewardKind };

    private static Grade OfKind(
        RewardKind kind, RolloutPrompt prompt, string action, bool terminated, RewardPlan reward, string drawKey, int sample,
        Func<Problem, string, Verification>? verify) => kind switch
        {
            RewardKind.StepSimilarity => Similarity(prompt, action, terminated, reward),
            RewardKind.GroundTruth => Answered(prompt, terminated, kind, problem => OutcomeReward.Of(problem, action, verify)),
            RewardKind.MajorityVote or RewardKind.Incorrect =>
                Answered(prompt, terminated, kind, problem => LabelReward.Of(problem, prompt.Label, action)),
            RewardKind.Continuous => Answered(
                prompt, terminated, kind, problem => new(ContinuousReward.Of(problem, action), OutcomeReward.Of(problem, action, verify).WellFormed)),
            RewardKind.Format => Form(prompt, action, terminated, verify) ? new(1, WellFormed: true) : new(0, WellFormed: false),
            RewardKind.Random => new(RandomReward.Of(prompt, reward.Gamma, drawKey, sample), Form(prompt, action, terminated, verify)),
            _ => throw new ArgumentException($"Expected a reward kind resolved by method, found '{kind}'.", nameof(kind)),
        };

    private static Grade Similarity(RolloutPrompt prompt, string action, bool terminated, RewardPlan reward)
    {
        var steps = prompt.Problem.Steps;
        if (steps.Count == 0 || prompt.Step < 0 || prompt.Step >= steps.Count)
        {
            throw new ArgumentException(
                $"Expected a problem with an expert step {prompt.Step?.ToString(CultureInfo.InvariantCulture) ?? "at all"} for the step-similarity reward; '{prompt.Problem.Id}' has {steps.Count}.",
                nameof(prompt));
        }

        return terminated ? StepSimilarityReward.Of(action, Target(prompt), StopOf(prompt), reward) : new(StepSimilarityReward.Malformed, WellFormed: false);
    }

    /// <summary>What the step similarity compares with: the expert's step after its title, which was given, or the whole solution.</summary>
    private static string Target(RolloutPrompt prompt) => prompt.Step is { } step ? prompt.Problem.Steps[step][prompt.Title.Length..] : string.Concat(prompt.Problem.Steps);

    private static char StopOf(RolloutPrompt prompt) => ProblemFamilies.Get(prompt.Problem.Family).Stop(prompt.Step is not null);

    private static Grade Answered(RolloutPrompt prompt, bool terminated, RewardKind kind, Func<Problem, Grade> judge)
    {
        if (prompt.Step is not null)
            throw new ArgumentException($"Expected a prompt without a step for the reward {kind}, found step {prompt.Step}.", nameof(prompt));
        return terminated ? judge(prompt.Problem) : new(0, WellFormed: false);
    }

    private static bool Form(
        RolloutPrompt prompt, string action, bool terminated, Func<Problem, string, Verification>? verify) => prompt.Step is null
        ? Answered(prompt, terminated, RewardKind.Format, problem => OutcomeReward.Of(problem, action, verify)).WellFormed
        : terminated && StepSimilarityReward.IsWellFormed(action, StopOf(prompt));
}

/// <summary>What a trajectory earned.</summary>
/// <param name="Reward">Never overwritten by an advantage.</param>
/// <param name="WellFormed">The completion has the expected form, whatever its worth.</param>
/// <param name="Label">Why the verifier gave no verdict of its own, such as <c>timed-out</c>; null where it gave one.</param>
public sealed record Grade(double Reward, bool WellFormed, string? Label = null);
