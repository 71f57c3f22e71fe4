using Curriculum.Work;
using Orchestrations.Workflows;
using Orchestrations.Workflows.Activities;

namespace Orchestrations.Storage;

/// <summary>Lets go of checkpoints that nothing needs: kept are the best on validation, the newest few and every stage's last.</summary>
public sealed class RetainedCheckpoints(StageRecords records, StateFolders states)
{
    /// <summary>Deletes the others of the stage's arm and seed. Their validations stay: the curve needs no weights.</summary>
    public async Task ApplyAsync(StageKey stage, StageProgress progress, int keep, CancellationToken cancellationToken)
    {
        var trained = (await records.ReadValidationsAsync(stage.Run, stage.Arm, stage.Seed, cancellationToken)).Where(point => point.Updates > 0).ToList();
        var held = progress.Kept.Append(progress.RollBackTo).Select(kept => kept?.State).Append(progress.State).Append(progress.Start).OfType<StateRef>().Select(state => state.Folder);
        foreach (var released in Released(trained, keep, held.ToHashSet(StringComparer.Ordinal)))
            await states.DeleteCheckpointAsync(released.State, cancellationToken);
    }

    /// <summary>Which checkpoints nothing needs, of those of one arm and seed in their order: a pure function.</summary>
    /// <remarks>
    /// Kept by the rule that the evaluation chooses by are the best of all, the best before the newest attempt, and the best up to each state
    /// that a guard may still go back to: what an evaluation will choose is never let go, whatever is rolled back.
    /// </remarks>
    /// <param name="held">Folders of states that the stage still refers to.</param>
    internal static IReadOnlyList<ValidatedCheckpoint> Released(IReadOnlyList<ValidatedCheckpoint> inOrder, int keep, IReadOnlySet<string> held)
    {
        var attempts = inOrder.GroupBy(point => (point.Stage.Stage, point.Stage.Attempt)).Select(attempt => attempt.ToList()).ToList();
        var before = inOrder.Take(inOrder.Count - (attempts.Count > 0 ? attempts[^1].Count : 0)).ToList();
        var upTo = inOrder.Select((point, index) => (point, index)).Where(each => held.Contains(each.point.State.Folder)).Select(each => ValidatedCheckpoint.Best([.. inOrder.Take(each.index + 1)]));
        var needed = inOrder.TakeLast(keep)
            .Concat(attempts.Select(attempt => attempt[^1]))
            .Concat(upTo)
            .Append(ValidatedCheckpoint.Best(inOrder))
            .Append(ValidatedCheckpoint.Best(before))
            .Select(point => point?.State.Folder)
            .ToHashSet(StringComparer.Ordinal);
        return [.. inOrder.Where(point => !needed.Contains(point.State.Folder) && !held.Contains(point.State.Folder))];
    }
}
