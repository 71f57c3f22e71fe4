using Curriculum.Plans;
using Curriculum.Problems;

namespace Curriculum.Rewards;

/// <summary>Keeps expert texts that are longer than the step similarity takes out of a run, before anything trains.</summary>
public static class StepTargets
{
    private const int Shown = 10;

    /// <summary>Refuses a training pool with a longer step, or solution, than a stage of the plan compares with.</summary>
    /// <exception cref="ArgumentException">There is one; the message names the problems, their lengths and the setting.</exception>
    public static void Refuse(RunPlan plan, IReadOnlyList<Problem> pool)
    {
        foreach (var arm in plan.Arms)
        {
            foreach (var stage in arm.Stages.Where(IsCompared))
            {
                var longest = stage.Reward.LongestTarget ?? StepSimilarityReward.StandardLongest;
                var longer = pool.SelectMany(problem => LengthsOf(problem, stage.TargetOf())).Where(target => target.Length > longest).ToList();
                if (longer.Count == 0)
                    continue;
                throw new ArgumentException(
                    $"Expected expert texts of at most {longest} characters for the step similarity of {stage.Method} in arm '{arm.Name}', found {longer.Count} longer ones: "
                    + string.Join(", ", longer.Take(Shown).Select(target => $"{target.Name} has {target.Length}")) + (longer.Count > Shown ? ", and others" : "")
                    + $". Raise reward.longestTarget of the stage to {longer.Max(target => target.Length)} (32768 at most), or split or leave out what is longer.", nameof(pool));
            }
        }
    }

    /// <summary>The longest step that SRL asks for, and the longest solution, in characters; 0 where there is none.</summary>
    public static (int Step, int Solution) Longest(IEnumerable<Problem> problems)
    {
        var (step, solution) = (0, 0);
        foreach (var problem in problems)
        {
            step = LengthsOf(problem, CompletionTarget.Step).Select(target => target.Length).Append(step).Max();
            solution = LengthsOf(problem, CompletionTarget.Solution).Select(target => target.Length).Append(solution).Max();
        }

        return (step, solution);
    }

    private static bool IsCompared(StagePlan stage) => stage.Method != Method.Sft
        && (stage.RewardKindOf() == RewardKind.StepSimilarity || stage.Reward.And == RewardKind.StepSimilarity);

    private static IEnumerable<(string Name, int Length)> LengthsOf(Problem problem, CompletionTarget target)
    {
        var family = ProblemFamilies.Get(problem.Family);
        int Of(string text, bool step) => StepSimilarityReward.Length(StepSimilarityReward.Content(text, family.Stop(step)));
        if (target == CompletionTarget.Step)
            return Enumerable.Range(0, StepInstances.Count(problem)).Select(step => ($"step {step + 1} of '{problem.Id}'", Of(problem.Steps[step], step: true)));
        return problem.Steps.Count == 0 ? [] : [($"the solution of '{problem.Id}'", Of(string.Concat(problem.Steps), step: false))];
    }
}
