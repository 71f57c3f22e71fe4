using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Rewards;
using Curriculum.Work;

namespace Curriculum.Training;

/// <summary>Which of the run's training problems a stage draws from.</summary>
public static class TrainingPool
{
    /// <summary>The problems with an expert's solution where the stage imitates, those whose label is wrong for the reward incorrect, all else.</summary>
    /// <exception cref="ArgumentException">None is left.</exception>
    public static IReadOnlyList<Problem> Of(StagePlan plan, IReadOnlyList<Problem> training, IReadOnlyDictionary<string, MajorityLabel>? labels)
    {
        if (plan.NeedsDemonstrations)
            return [.. training.Where(problem => problem.Steps.Count > 0)];
        if (plan is not SampledStagePlan { Reward: var reward } || !reward.WantsWrongLabels())
            return training;
        IReadOnlyList<Problem> wrong = [.. training.Where(problem => labels![problem.Id] is { Label: not null, Correct: false })];
        return wrong.Count > 0 ? wrong : throw new ArgumentException(
            $"Expected a problem whose majority label is wrong for the reward incorrect, found none among {training.Count}: take harder training problems or a weaker base.");
    }

    /// <summary>The label that the base's votes give each problem of the training pool.</summary>
    public static IReadOnlyDictionary<string, MajorityLabel> Labels(IReadOnlyList<Problem> training, IReadOnlyList<ProblemVotes> votes, int counted) =>
        training.Zip(votes).ToDictionary(pair => pair.First.Id, pair => MajorityLabel.Of(pair.Second, pair.First, counted), StringComparer.Ordinal);
}
