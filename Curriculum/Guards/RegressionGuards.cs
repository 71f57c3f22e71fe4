using Curriculum.Plans;
using Curriculum.Statistics;
using Curriculum.Work;

namespace Curriculum.Guards;

/// <summary>Judges what was unlearned: problems solved greedily at the stage's best validation so far, and not now.</summary>
public static class RegressionGuards
{
    /// <summary>Takes in a validation: it becomes the best where no earlier one of the stage solved more.</summary>
    /// <param name="plan">The stage's guards.</param>
    /// <param name="state">What the guards know.</param>
    /// <param name="solvedAtBest">Ids of the problems that the best validation so far solved; null where there is none yet.</param>
    /// <param name="answers">Of this validation.</param>
    /// <param name="blob">Where this validation is stored.</param>
    /// <param name="attempt">Of the stage.</param>
    /// <param name="iteration">The iteration before the validation.</param>
    public static GuardJudgement OnValidation(
        GuardsPlan plan, GuardState state, IReadOnlyCollection<string>? solvedAtBest, IReadOnlyList<ProblemAnswers> answers, string blob, int attempt, int iteration)
    {
        var solved = answers.Where(answer => answer.GreedyCorrect).Select(answer => answer.ProblemId).ToHashSet(StringComparer.Ordinal);
        var accuracy = answers.Count == 0 ? 0 : (double)solved.Count / answers.Count;
        if (solvedAtBest is null || Rounding.Reaches(accuracy, state.BestAccuracy))
            return new(state with { BestValidation = blob, BestAccuracy = accuracy }, []);

        var lost = solvedAtBest.Count(id => !solved.Contains(id)) / (double)Math.Max(1, solvedAtBest.Count);
        return solvedAtBest.Count >= plan.Regression.MinimumSolved && Rounding.Above(lost, plan.Regression.MaximumShare)
            ? TextGuards.Fired(
                state,
                [TextGuards.Most(GuardKind.Regression, plan.Regression.Action, $"The lost share of {solvedAtBest.Count} problems solved before", lost, plan.Regression.MaximumShare)],
                attempt, iteration, "at validation")
            : new(state, []);
    }
}
