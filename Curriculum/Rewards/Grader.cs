using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Work;

namespace Curriculum.Rewards;

/// <summary>Rewards one trajectory: the one entry to every reward.</summary>
public static class Grader
{
    /// <summary>The reward of a completion and whether it has the expected form.</summary>
    /// <param name="prompt">Problem and step; without a step the whole expert solution is the target.</param>
    /// <param name="completion">The text sampled, the stop character included where it was reached.</param>
    /// <param name="terminated">Whether the stop character was reached; a completion that was cut off is malformed.</param>
    /// <param name="reward">With its kind resolved by <see cref="Resolve"/>.</param>
    /// <param name="drawKey">Key of the random reward.</param>
    /// <param name="sample">Index of the trajectory in its group.</param>
    /// <exception cref="ArgumentException">The kind is unresolved, or the prompt has nothing to compare with.</exception>
    public static Grade Grade(RolloutPrompt prompt, string completion, bool terminated, RewardPlan reward, string drawKey, int sample) =>
        reward.Kind switch
        {
            RewardKind.StepSimilarity => Similarity(prompt, completion, terminated, reward),
            RewardKind.GroundTruth => Outcome(prompt, completion, terminated, reward),
            RewardKind.Random => new(RandomReward.Of(prompt, reward.Gamma, drawKey, sample), Form(prompt, completion, terminated, reward)),
            _ => throw new ArgumentException($"Expected a reward kind resolved by method, found '{reward.Kind}'.", nameof(reward)),
        };

    /// <summary>Replaces <see cref="RewardKind.ByMethod"/> by what the method asks for: step similarity in SRL, ground truth elsewhere.</summary>
    public static RewardPlan Resolve(RewardPlan reward, Method method) => reward.Kind == RewardKind.ByMethod
        ? reward with { Kind = method == Method.Srl ? RewardKind.StepSimilarity : RewardKind.GroundTruth }
        : reward;

    private static Grade Similarity(RolloutPrompt prompt, string completion, bool terminated, RewardPlan reward)
    {
        var steps = prompt.Problem.Steps;
        if (steps.Count == 0 || prompt.Step < 0 || prompt.Step >= steps.Count)
        {
            throw new ArgumentException(
                $"Expected a problem with an expert step {prompt.Step?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "at all"} for the step-similarity reward; '{prompt.Problem.Id}' has {steps.Count}.",
                nameof(prompt));
        }

        if (!terminated)
            return new(StepSimilarityReward.Malformed, WellFormed: false);
        var family = ProblemFamilies.Get(prompt.Problem.Family);
        return StepSimilarityReward.Of(
            completion, prompt.Step is { } step ? steps[step] : string.Concat(steps), family.Stop(prompt.Step is not null), reward);
    }

    private static Grade Outcome(RolloutPrompt prompt, string completion, bool terminated, RewardPlan reward)
    {
        if (prompt.Step is not null)
            throw new ArgumentException($"Expected a prompt without a step for the ground-truth reward, found step {prompt.Step}.", nameof(prompt));
        return terminated ? OutcomeReward.Of(prompt.Problem, completion, reward) : new(0, WellFormed: false);
    }

    private static bool Form(RolloutPrompt prompt, string completion, bool terminated, RewardPlan reward) => prompt.Step is null
        ? Outcome(prompt, completion, terminated, reward).WellFormed
        : Similarity(prompt, completion, terminated, reward).WellFormed;
}

/// <summary>What a trajectory earned.</summary>
/// <param name="Reward">Never overwritten by an advantage.</param>
/// <param name="WellFormed">The completion has the expected form, whatever its worth.</param>
public sealed record Grade(double Reward, bool WellFormed);
