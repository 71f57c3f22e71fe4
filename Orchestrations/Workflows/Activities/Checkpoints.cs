using Curriculum.Work;
using Orchestrations.Storage;

namespace Orchestrations.Workflows.Activities;

/// <summary>Keeps states as checkpoints, and makes the item that validates one.</summary>
public sealed class Checkpoints(FrozenRun frozen, StateFolders states)
{
    /// <summary>Promotes the stage's newest state and returns its validation item, whose policy is the checkpoint.</summary>
    public async Task<EvaluateItem> KeepAsync(StageKey stage, StageProgress progress, CancellationToken cancellationToken)
    {
        var folder = StorageNames.Checkpoint(stage.Run, stage.Arm, stage.Seed, stage.Stage, stage.Attempt, progress.Updates);
        var checkpoint = await states.PromoteAsync(progress.State, folder, cancellationToken);
        return await ValidateAsync(stage, progress, checkpoint, cancellationToken);
    }

    /// <summary>The item that validates a state which is kept already.</summary>
    public async Task<EvaluateItem> ValidateAsync(StageKey stage, StageProgress progress, StateRef checkpoint, CancellationToken cancellationToken)
    {
        var plan = await frozen.PlanAsync(stage.Run, cancellationToken);
        var id = new WorkItemId(
            stage.Run, stage.Arm, stage.Seed, stage.Stage, stage.Attempt, progress.Iteration, 0, 0, WorkKind.Validate);
        return new()
        {
            Id = id.ToString(),
            Policy = checkpoint,
            Problems = await frozen.PoolAsync(stage.Run, FrozenRun.ValidationPool, cancellationToken),
            Samples = plan.Evaluation.Samples,
            MaxNewTokens = plan.Evaluation.MaxNewTokens,
            DrawKey = "validation",
        };
    }
}
