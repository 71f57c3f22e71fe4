using Curriculum.Plans;
using Curriculum.Training;
using Curriculum.Work;
using Orchestrations.Storage;

namespace Orchestrations.Runs;

/// <summary>Which checkpoints of a run a fork may ask for: those that are there still and that its budget covers.</summary>
public sealed class ForkPoints(StageStates states)
{
    /// <summary>Why no arm of the fork can go on from the checkpoint that is asked for, with those that it can ask for; null where one can.</summary>
    public async Task<string?> RefusalAsync(RunId run, RunPlan fork, int? stage, int? updates, CancellationToken cancellationToken)
    {
        var (there, released, isDear) = (new SortedSet<(int Stage, int Updates)>(), new SortedSet<(int Stage, int Updates)>(), false);
        foreach (var arm in fork.Arms.Where(arm => arm.Stages.Count > 0))
        {
            foreach (var seed in fork.Seeds)
            {
                var ends = await states.EndsAsync(new(run, arm.Name, seed), cancellationToken);
                var kept = (await states.KeptAsync(new(run, arm.Name, seed), cancellationToken)).Where(point => point.Key.Stage < arm.Stages.Count).ToList();
                there.UnionWith(kept.Select(At));
                released.UnionWith((await states.PointsAsync(new(run, arm.Name, seed), cancellationToken)).Select(At));
                foreach (var point in kept.Where(point => IsAskedFor(At(point))))
                {
                    if (RunContinuation.IsCovered(fork.Budget.Of(arm), arm, ends, point, isAsked: stage is not null))
                        return null;
                    isDear = true;
                }
            }
        }

        if (isDear)
            return $"Expected a budget that covers what run {run} spent up to the checkpoint that is asked for; raise budget.amount, or the share of its stage, or ask for an earlier one: there are {Words(there)}.";
        released.ExceptWith(there);
        released.RemoveWhere(point => !IsAskedFor(point));
        return $"Expected a checkpoint of run {run} by its stage and updates; there are {Words(there)}."
            + (released.Count > 0 ? $" Let go since (limits.keepCheckpoints): {Words(released)}." : "");

        bool IsAskedFor((int Stage, int Updates) point) =>
            (stage is not { } wantedStage || point.Stage == wantedStage) && (updates is not { } wantedUpdates || point.Updates == wantedUpdates);
    }

    private static (int Stage, int Updates) At(StageState point) => (point.Key.Stage, point.Ledger.Updates);

    private static string Words(SortedSet<(int Stage, int Updates)> points) => points.Count == 0 ? "none" : string.Join("; ", points.GroupBy(point => point.Stage).Select(
        group => FormattableString.Invariant($"stage {group.Key} after {string.Join(", ", group.Select(point => point.Updates))} updates")));
}
