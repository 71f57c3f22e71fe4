using Curriculum.Work;

namespace Curriculum.Training;

/// <summary>Which checkpoints of an arm are kept: the best on validation, the newest few and every stage's last.</summary>
public static class CheckpointRetention
{
    /// <summary>Which checkpoints nothing needs.</summary>
    /// <remarks>
    /// Kept by the rule that the evaluation chooses by are the best of all, the best before the newest attempt, and the best up to each state
    /// that a guard may still go back to: what an evaluation will choose is never let go, whatever is rolled back.
    /// </remarks>
    /// <param name="inOrder">All of one arm and seed.</param>
    /// <param name="keep">How many of the newest.</param>
    /// <param name="held">Folders of states that the stage still refers to.</param>
    public static IReadOnlyList<ValidatedCheckpoint> Released(IReadOnlyList<ValidatedCheckpoint> inOrder, int keep, IReadOnlySet<string> held)
    {
        var attempts = inOrder.GroupBy(point => point.Stage).Select(attempt => attempt.ToList()).ToList();
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

    /// <summary>Folders of the states that a stage still refers to.</summary>
    public static IReadOnlySet<string> Held(StageState state) => state.Kept.Select(kept => kept.State)
        .Append(state.RollBackTo?.State).Append(state.Policy).Append(state.Start).OfType<StateRef>().Select(one => one.Folder).ToHashSet(StringComparer.Ordinal);
}
