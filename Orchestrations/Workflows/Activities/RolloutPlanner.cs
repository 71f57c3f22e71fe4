using Curriculum.Admission;
using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Rewards;
using Curriculum.Work;
using Orchestrations.Storage;

namespace Orchestrations.Workflows.Activities;

/// <summary>Turns an iteration's round into rollout work items: a pure function of the frozen pool and the ids.</summary>
public sealed class RolloutPlanner(FrozenRun frozen)
{
    public async Task<IReadOnlyList<RolloutItem>> PlanAsync(
        StageKey stage, StagePlan plan, StageProgress progress, int round, CancellationToken cancellationToken)
    {
        var pool = await frozen.PoolAsync(stage.Run, FrozenRun.TrainingPool, cancellationToken);
        var prompts = plan.Method switch
        {
            Method.Srl => Draw(Demonstrated(pool), stage, plan, progress, round)
                .SelectMany(StepInstances.Of)
                .ToList(),
            // An expert's steps have no business in a rollout that is rewarded for its answer.
            Method.Rlvr => Draw(pool, stage, plan, progress, round)
                .Select(problem => new RolloutPrompt { Problem = problem with { Steps = [] } })
                .ToList(),
            _ => throw new ArgumentException($"Expected a method that samples, found {plan.Method}."),
        };
        return [.. Chunks(prompts, plan.RolloutItems).Select((chunk, index) => Item(stage, plan, progress, round, index, chunk))];
    }

    private static List<Problem> Demonstrated(IReadOnlyList<Problem> pool) => [.. pool.Where(problem => problem.Steps.Count > 0)];

    private static IEnumerable<Problem> Draw(
        IReadOnlyList<Problem> pool, StageKey stage, StagePlan plan, StageProgress progress, int round)
    {
        var indices = PoolSampler.Draw(
            pool.Count, plan.ProblemsPerIteration, Pools.SeedKey(stage), progress.Iteration, round);
        return indices.Select(index => pool[index]);
    }

    private static IEnumerable<IReadOnlyList<RolloutPrompt>> Chunks(List<RolloutPrompt> prompts, int count)
    {
        var size = (prompts.Count + count - 1) / count;
        return prompts.Chunk(size);
    }

    private static RolloutItem Item(
        StageKey stage, StagePlan plan, StageProgress progress, int round, int chunk, IReadOnlyList<RolloutPrompt> prompts)
    {
        var id = new WorkItemId(
            stage.Run, stage.Arm, stage.Seed, stage.Stage, stage.Attempt, progress.Iteration, round, chunk, WorkKind.Rollout);
        return new()
        {
            Id = id.ToString(),
            Policy = progress.State,
            Prompts = prompts,
            GroupSize = plan.GroupSize,
            Temperature = plan.Temperature,
            MaxNewTokens = plan.MaxNewTokens,
            Reward = Grader.Resolve(plan.Reward, plan.Method),
            DrawKey = id.DrawKey,
        };
    }
}

/// <summary>How draws from the pool are keyed.</summary>
public static class Pools
{
    /// <summary>By seed, stage and attempt and not by arm: arms with the same stages see the same problems.</summary>
    public static string SeedKey(StageKey stage) => FormattableString.Invariant($"pool/{stage.Seed}/{stage.Stage}/{stage.Attempt}");
}
