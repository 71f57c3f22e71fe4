using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Rewards;
using Curriculum.Work;

namespace Orchestrations.Workflows.Activities;

/// <summary>Turns an iteration's round into rollout work items: a pure function of the frozen pool and the ids.</summary>
public sealed class RolloutPlanner(StagePool pool)
{
    public async Task<IReadOnlyList<RolloutItem>> PlanAsync(
        StageKey stage, SampledStagePlan plan, StageProgress progress, int round, CancellationToken cancellationToken)
    {
        var drawn = await pool.DrawAsync(stage, plan, progress.Profile, progress.Iteration, round, cancellationToken);
        var labels = await LabelsAsync(stage, plan, cancellationToken);
        var prompts = drawn
            .SelectMany(problem => plan.Completion == CompletionTarget.Step ? StepInstances.Of(problem) : [new() { Problem = problem }])
            .Select(instance => Prompt(instance, plan, labels))
            .ToList();
        return [.. Chunks(prompts, plan.RolloutItems).Select((chunk, index) => Item(stage, plan, progress, round, index, chunk))];
    }

    /// <summary>More samples of the prompts of lone successes: one item, whose draws are its own.</summary>
    public async Task<RolloutItem> CheckAsync(
        StageKey stage, SampledStagePlan plan, StageProgress progress, int round, IReadOnlyList<TrajectoryGroup> lone, CancellationToken cancellationToken)
    {
        var problems = (await pool.AllAsync(stage, plan, cancellationToken)).ToDictionary(problem => problem.Id, StringComparer.Ordinal);
        var labels = await LabelsAsync(stage, plan, cancellationToken);
        var prompts = lone.Select(group => Prompt(new() { Problem = problems[group.ProblemId], Step = group.Step }, plan, labels));
        return Item(stage, plan, progress, round, 0, [.. prompts], WorkKind.Check) with { GroupSize = plan.Admission.LoneSuccess.Samples };
    }

    private static RolloutPrompt Prompt(RolloutPrompt instance, SampledStagePlan plan, IReadOnlyDictionary<string, MajorityLabel>? labels) => instance with
    {
        // An expert's steps have no business in a rollout that is rewarded for its answer.
        Problem = plan.NeedsDemonstrations ? instance.Problem : instance.Problem with { Steps = [] },
        Title = plan is SrlPlan { Titles: true } ? ProblemFamilies.Get(instance.Problem.Family).Title(instance.Problem, instance.Step!.Value) : "",
        Label = labels?[instance.Problem.Id].Label,
    };

    private async Task<IReadOnlyDictionary<string, MajorityLabel>?> LabelsAsync(StageKey stage, SampledStagePlan plan, CancellationToken cancellationToken) =>
        BaseVotes.NeedsLabels(plan.Reward) ? await pool.LabelsAsync(stage, plan, cancellationToken) : null;

    private static IEnumerable<IReadOnlyList<RolloutPrompt>> Chunks(List<RolloutPrompt> prompts, int count)
    {
        var size = (prompts.Count + count - 1) / count;
        return prompts.Chunk(size);
    }

    private static RolloutItem Item(
        StageKey stage, SampledStagePlan plan, StageProgress progress, int round, int chunk, IReadOnlyList<RolloutPrompt> prompts, WorkKind kind = WorkKind.Rollout)
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
            Reward = Grader.Resolve(plan),
            DrawKey = id.DrawKey,
            Characters = Markers.Of(plan, prompts[0].Problem.Family),
            MonologueTokens = (plan as SrlPlan)?.Monologue?.MaxTokens ?? 0,
            Reference = plan is PolicyGradientPlan { Loss.KlWeight: > 0 } ? progress.Start ?? progress.State : null,
            Values = plan is PolicyGradientPlan { Advantage.Estimator: AdvantageEstimator.Gae },
        };
    }
}
