using Curriculum.Admission;
using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Work;
using Microsoft.Azure.Functions.Worker;
using Orchestrations.Storage;

namespace Orchestrations.Workflows.Activities;

/// <summary>Starts an iteration: reads the control, then sends the first round of rollouts, or the update where nothing is sampled.</summary>
public sealed class PlanIteration(ControlBlob controls, FrozenRun frozen, RolloutPlanner rollouts, UpdatePlanner updates, RunUsage usage, OpenWaits waits, WorkDispatch dispatch)
{
    [Function(nameof(PlanIteration))]
    public async Task<PlannedIteration> Run([ActivityTrigger] PlanIterationInput input, CancellationToken cancellationToken)
    {
        var wish = (await controls.ReadAsync(input.Stage.Run, cancellationToken))?.Wish ?? RunWish.Run;
        if (wish == RunWish.Pause)
            await waits.WriteAsync(new() { Instance = input.Instance, Stage = input.Stage, Kind = WaitKind.Resume, Told = "The run is paused." }, cancellationToken);
        if (wish != RunWish.Run)
            return new(wish, [], null, []);
        if (await usage.CapAsync(input.Stage.Run, cancellationToken) is { } cap)
            return new(RunWish.Run, [], null, []) { Cap = cap };

        var stage = await frozen.StageAsync(input.Stage, cancellationToken);
        if (stage is not SampledStagePlan sampled)
        {
            var update = await updates.FromDemonstrationsAsync(input.Stage, stage, input.Progress, input.Allowed, cancellationToken);
            return new(RunWish.Run, [], update.Id, await dispatch.SendAsync([update], input.Instance, cancellationToken));
        }

        var items = await rollouts.PlanAsync(input.Stage, sampled, input.Progress, round: 0, cancellationToken);
        var waiting = await dispatch.SendAsync(items, input.Instance, cancellationToken);
        return new(RunWish.Run, [.. items.Select(item => item.Id)], null, waiting);
    }
}

/// <summary>Input of <see cref="PlanIteration"/>.</summary>
public sealed record PlanIterationInput(StageKey Stage, string Instance, StageProgress Progress, long Allowed);

/// <summary>An iteration that was begun.</summary>
/// <param name="Wish">What the run's control says; nothing was sent unless it is run.</param>
/// <param name="Rollouts">Ids of the rollout items of the first round.</param>
/// <param name="Update">Id of the update item, where nothing is sampled.</param>
/// <param name="Waiting">Those of the items that have no result yet.</param>
public sealed record PlannedIteration(RunWish Wish, IReadOnlyList<string> Rollouts, string? Update, IReadOnlyList<string> Waiting)
{
    /// <summary>Which cap of the run was reached, and how; nothing was sent then.</summary>
    public string? Cap { get; init; }
}
