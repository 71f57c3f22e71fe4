using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Rewards;
using Curriculum.Work;

namespace Orchestrations.Workflows.Activities;

/// <summary>Turns an iteration's round into rollout work items: a pure function of the frozen pool and the ids.</summary>
public sealed class RolloutPlanner(StagePool pool)
{
    public async Task<IReadOnlyList<RolloutItem>> PlanAsync(
        StageKey stage, StagePlan plan, StageProgress progress, int round, CancellationToken cancellationToken)
    {
        var drawn = await pool.DrawAsync(stage, plan, progress.Profile, progress.Iteration, round, cancellationToken);
        var prompts = plan.Method switch
        {
            Method.Srl => drawn.SelectMany(StepInstances.Of).ToList(),
            // An expert's steps have no business in a rollout that is rewarded for its answer.
            Method.Rlvr => drawn.Select(problem => new RolloutPrompt { Problem = problem with { Steps = [] } }).ToList(),
            _ => throw new ArgumentException($"Expected a method that samples, found {plan.Method}."),
        };
        return [.. Chunks(prompts, plan.RolloutItems).Select((chunk, index) => Item(stage, plan, progress, round, index, chunk))];
    }

    /// <summary>More samples of the prompts of lone successes: one item, whose draws are its own.</summary>
    public async Task<RolloutItem> CheckAsync(
        StageKey stage, StagePlan plan, StageProgress progress, int round, IReadOnlyList<TrajectoryGroup> lone, CancellationToken cancellationToken)
    {
        var problems = (await pool.AllAsync(stage, plan.Method, cancellationToken)).ToDictionary(problem => problem.Id, StringComparer.Ordinal);
        var prompts = lone.Select(group => new RolloutPrompt
        {
            Problem = group.Step is null ? problems[group.ProblemId] with { Steps = [] } : problems[group.ProblemId],
            Step = group.Step,
        });
        return Item(stage, plan, progress, round, 0, [.. prompts], WorkKind.Check) with { GroupSize = plan.Admission.LoneSuccess.Samples };
    }

    private static IEnumerable<IReadOnlyList<RolloutPrompt>> Chunks(List<RolloutPrompt> prompts, int count)
    {
        var size = (prompts.Count + count - 1) / count;
        return prompts.Chunk(size);
    }

    private static RolloutItem Item(
        StageKey stage, StagePlan plan, StageProgress progress, int round, int chunk, IReadOnlyList<RolloutPrompt> prompts, WorkKind kind = WorkKind.Rollout)
    {
        var id = new WorkItemId(
            stage.Run, stage.Arm, stage.Seed, stage.Stage, stage.Attempt, progress.Iteration, round, chunk, kind);
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
