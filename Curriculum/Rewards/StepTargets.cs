using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Work;

namespace Curriculum.Rewards;

/// <summary>Refuses a training pool that has no expert text for a stage that imitates, or a longer one than the step similarity takes, before anything trains.</summary>
public static class StepTargets
{
    private const int Shown = 10;

    /// <summary>Holds the pool against every stage of the plan.</summary>
    /// <exception cref="ArgumentException">A stage could not train on it; the message names the stage, and the problems with their lengths and the setting.</exception>
    public static void Refuse(RunPlan plan, IReadOnlyList<Problem> pool)
    {
        foreach (var arm in plan.Arms)
        {
            if (arm.Stages.FirstOrDefault(stage => stage.NeedsDemonstrations) is { } imitating && pool.All(problem => problem.Steps.Count == 0))
            {
                throw new ArgumentException(
                    $"Expected a training problem with an expert's solution for {imitating.Method} in arm '{arm.Name}', found none among {pool.Count}: their steps are empty.", nameof(pool));
            }

            if (arm.Stages.Any(stage => stage is SrlPlan { Titles: true }) && pool.SelectMany(Untold).ToList() is { Count: > 0 } untold)
            {
                throw new ArgumentException(
                    $"Expected steps that go on after their titles, which arm '{arm.Name}' gives in its prompts; {untold.Count} have nothing more to write: "
                    + string.Join(", ", untold.Take(Shown)) + (untold.Count > Shown ? ", and others" : "") + ". Set titles to false, or leave these out.", nameof(pool));
            }

            foreach (var stage in arm.Stages.OfType<SampledStagePlan>().Where(HasSimilarity))
            {
                var longest = stage.Reward.LongestTarget ?? StepSimilarityReward.StandardLongest;
                var longer = pool.SelectMany(problem => LengthsOf(problem, stage.Completion)).Where(target => target.Length > longest).ToList();
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

    // The similarity of anything to nothing is 0: no group of such a step could have a spread.
    private static IEnumerable<string> Untold(Problem problem)
    {
        var family = ProblemFamilies.Get(problem.Family);
        return Enumerable.Range(0, StepInstances.Count(problem))
            .Where(step => StepSimilarityReward.Content(problem.Steps[step][family.Title(problem, step).Length..], family.Stop(step: true)).Length == 0)
            .Select(step => $"step {step + 1} of '{problem.Id}'");
    }

    private static bool HasSimilarity(SampledStagePlan stage) => stage.RewardKind == RewardKind.StepSimilarity || stage.Reward.And == RewardKind.StepSimilarity;

    private static IEnumerable<(string Name, int Length)> LengthsOf(Problem problem, CompletionTarget target)
    {
        var family = ProblemFamilies.Get(problem.Family);
        int Of(string text, bool step) => StepSimilarityReward.Length(StepSimilarityReward.Content(text, family.Stop(step)));
        if (target == CompletionTarget.Step)
            return Enumerable.Range(0, StepInstances.Count(problem)).Select(step => ($"step {step + 1} of '{problem.Id}'", Of(problem.Steps[step], step: true)));
        return problem.Steps.Count == 0 ? [] : [($"the solution of '{problem.Id}'", Of(string.Concat(problem.Steps), step: false))];
    }
}
