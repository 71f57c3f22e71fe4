using Curriculum.Admission;
using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Work;
using Microsoft.Azure.Functions.Worker;
using Orchestrations.Storage;

namespace Orchestrations.Workflows.Activities;

/// <summary>Sends the pilot rollouts of a stage: whole solutions, rewarded by the ground truth, with the policy as it is now.</summary>
public sealed class PlanPilot(FrozenRun frozen, StagePool pool, WorkDispatch dispatch)
{
    [Function(nameof(PlanPilot))]
    public async Task<PlannedPilot> Run([ActivityTrigger] PlanPilotInput input, CancellationToken cancellationToken)
    {
        var (key, progress) = (input.Stage, input.Progress);
        var stage = await frozen.StageAsync(key, cancellationToken);
        var plan = stage.Profile ?? throw new InvalidOperationException($"Expected a stage with a profile; {key.Instance} has none.");
        var problems = await pool.AllAsync(key, stage, cancellationToken);
        var profile = progress.Profile is { } known ? await pool.ProfileAsync(known, cancellationToken) : Profiling.Unpiloted(problems);
        var longest = (await frozen.PlanAsync(key.Run, cancellationToken)).Evaluation.MaxNewTokens;
        var items = Profiling.Next(profile, plan, Pools.SeedKey(key))
            .Select(index => problems[index])
            .Chunk(plan.ProblemsPerItem)
            .Select((chunk, index) => Item(key, stage, plan, progress, longest, index, chunk))
            .ToList();
        return new([.. items.Select(item => item.Id)], await dispatch.SendAsync(items, input.Instance, cancellationToken));
    }

    private static RolloutItem Item(
        StageKey key, StagePlan stage, ProfilePlan plan, StageProgress progress, int longest, int chunk, IReadOnlyList<Problem> problems)
    {
        var id = new WorkItemId(key.Run, key.Arm, key.Seed, key.Stage, key.Attempt, progress.Iteration, 0, chunk, WorkKind.Pilot);
        return new()
        {
            Id = id.ToString(),
            Policy = progress.State,
            Prompts = [.. problems.Select(problem => new RolloutPrompt { Problem = problem with { Steps = [] } })],
            GroupSize = plan.Rollouts,
            Temperature = (stage as SampledStagePlan)?.Temperature ?? 1,
            // A stage on single steps says nothing about the length of a whole solution.
            MaxNewTokens = Math.Max(longest, stage.MaxNewTokens),
            Reward = new() { Kind = RewardKind.GroundTruth },
            DrawKey = id.DrawKey,
        };
    }
}

/// <summary>Input of <see cref="PlanPilot"/>.</summary>
public sealed record PlanPilotInput(StageKey Stage, string Instance, StageProgress Progress);

/// <summary>A pilot that was sent.</summary>
public sealed record PlannedPilot(IReadOnlyList<string> Items, IReadOnlyList<string> Waiting);
