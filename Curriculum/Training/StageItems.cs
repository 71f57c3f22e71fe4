using Curriculum.Admission;
using Curriculum.Methods;
using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Work;

namespace Curriculum.Training;

/// <summary>The work items of a stage: pure functions of its setting and its state.</summary>
internal sealed class StageItems(StageSetting setting)
{
    /// <summary>An iteration's round of rollouts, fanned out as the plan says.</summary>
    public IReadOnlyList<RolloutItem> Rollouts(StageState state, SampledMethod method, ProblemDraws draws, int round)
    {
        var prompts = draws.Draw(state.Iteration, round).SelectMany(method.Prompts).Select(prompt => Labelled(method.Shown(prompt))).ToList();
        var items = Math.Max(1, method.Sampling.RolloutItems);
        var size = (prompts.Count + items - 1) / items;
        return [.. prompts.Chunk(size).Select((chunk, index) => Rollout(state, method, WorkItemId.Of(state.Key, WorkKind.Rollout, state.Iteration, round, index), chunk))];
    }

    /// <summary>More samples of the prompts of lone successes: one item, whose draws are its own.</summary>
    public RolloutItem Check(StageState state, SampledMethod method, Func<string, Problem> problem, int round, IReadOnlyList<TrajectoryGroup> lone)
    {
        var prompts = lone.Select(group => Labelled(method.Shown(new() { Problem = problem(group.ProblemId), Step = group.Step })));
        return Rollout(state, method, WorkItemId.Of(state.Key, WorkKind.Check, state.Iteration, round), [.. prompts]) with
        {
            GroupSize = method.Sampling.Admission.LoneSuccess.Samples,
        };
    }

    /// <summary>Pilot rollouts: whole solutions, rewarded by the ground truth, with the policy as it is now.</summary>
    public IReadOnlyList<RolloutItem> Pilots(StageState state, ProfilePlan plan, DifficultyProfile profile) =>
    [
        .. Profiling.Next(profile, plan, state.Key.PoolKey).Select(index => setting.Pool[index]).Chunk(plan.ProblemsPerItem).Select((problems, chunk) =>
        {
            var id = WorkItemId.Of(state.Key, WorkKind.Pilot, state.Iteration, chunk: chunk);
            return new RolloutItem
            {
                Id = id,
                Policy = state.Policy,
                Prompts = [.. problems.Select(problem => new RolloutPrompt { Problem = problem with { Steps = [] } })],
                GroupSize = plan.Rollouts,
                Temperature = setting.Method is SampledMethod sampled ? sampled.Sampling.Temperature : 1,
                // A stage on single steps says nothing about the length of a whole solution.
                MaxNewTokens = Math.Max(setting.Run.Evaluation.MaxNewTokens, setting.Plan.MaxNewTokens),
                Reward = new() { Kind = RewardKind.GroundTruth },
                DrawKey = id.DrawKey,
            };
        }),
    ];

    /// <summary>The update on an iteration's batches.</summary>
    public UpdateItem Update(StageState state, TrainingMethod method, UpdateMaterial material)
    {
        var plan = method.Plan;
        var factor = RateSchedule.Factor(plan.Optimizer, state.Ledger.SpentInAll(setting.Unit), state.Allowed);
        return new()
        {
            Id = WorkItemId.Of(state.Key, WorkKind.Update, state.Iteration),
            State = material.FromStart ? state.Start : state.Policy,
            OutputFolder = StorageNames.State(state.Key, state.Ledger.Updates + material.Batches.Count),
            Steps = [.. material.Batches.Select(batch => new UpdateStep(batch, factor))],
            LossKind = material.Loss,
            Loss = method.Loss,
            Temperature = material.Loss == LossKind.PolicyGradient && method is SampledMethod sampled ? sampled.Sampling.Temperature : 1,
            Optimizer = plan.Optimizer,
            Memory = plan.Memory,
            Adapter = setting.Arm.Adapter,
            MaxNewTokens = plan.MaxNewTokens,
            FreshOptimizer = material.FromStart || (state.Ledger.Updates == 0 && !state.KeepsOptimizer),
            Characters = Characters(method),
            PromptPrefix = material.PromptPrefix,
        };
    }

    /// <summary>The validation of a checkpoint.</summary>
    public EvaluateItem Validation(WorkItemId id, StateRef checkpoint) => new()
    {
        Id = id,
        Policy = checkpoint,
        Problems = setting.Validation,
        Samples = setting.Run.Evaluation.Samples,
        MaxNewTokens = setting.Run.Evaluation.MaxNewTokens,
        DrawKey = "validation",
    };

    private RolloutItem Rollout(StageState state, SampledMethod method, WorkItemId id, IReadOnlyList<RolloutPrompt> prompts) => new()
    {
        Id = id,
        Policy = state.Policy,
        Prompts = prompts,
        GroupSize = method.Sampling.GroupSize,
        Temperature = method.Sampling.Temperature,
        MaxNewTokens = method.Plan.MaxNewTokens,
        Reward = method.Reward,
        DrawKey = id.DrawKey,
        Characters = Characters(method),
        MonologueTokens = method.MonologueTokens,
        Reference = method.NeedsReference ? state.Start : null,
        Values = method.NeedsValues,
    };

    private RolloutPrompt Labelled(RolloutPrompt prompt) => setting.Labels is { } labels ? prompt with { Label = labels[prompt.Problem.Id].Label } : prompt;

    private string? Characters(TrainingMethod method) => method.Characters(ProblemFamilies.Get(setting.Run.Training.Family));
}
