using Curriculum.Plans;
using Curriculum.Stages;
using Curriculum.Work;
using Orchestrations.Workflows;

namespace Orchestrations.Storage;

/// <summary>Finds, for every arm and seed of a run that goes on from another, what it takes over, and copies it.</summary>
public sealed class RunContinuation(JsonBlobs blobs, StagePoints points, StateCheck check, RunCopy copy, Incidents incidents)
{
    /// <summary>What a run took over, once all of it is copied: from then on nothing of the run that it came from is needed.</summary>
    public static string Blob(string run) => $"{run}/continuation.json";

    public async Task<IReadOnlyList<ArmResume>> PrepareAsync(PlanRecord record, CancellationToken cancellationToken)
    {
        if (record.From is not { } from)
            return [];
        // Found once: what it was copied from may be gone when this is tried again.
        if (await blobs.FindAsync(StorageNames.RunsContainer, Blob(record.Run), OrchestrationsJson.Default.IReadOnlyListArmResume, cancellationToken) is { } done)
            return done;
        await EnsureThereAsync(record.Run, from.Run, cancellationToken);
        await copy.CommonAsync(from.Run, record.Run, cancellationToken);
        var resumes = new List<ArmResume>();
        foreach (var arm in record.Plan.Arms.Where(arm => arm.Stages.Count > 0))
        {
            foreach (var seed in record.Plan.Seeds)
            {
                if (await FindAsync(record, from, arm, seed, cancellationToken) is not { } found)
                {
                    await incidents.TellAsync(
                        record.Run,
                        FormattableString.Invariant($"Arm {arm.Name} seed {seed} begins with the base: run {from.Run} has no whole checkpoint of it that is asked for and that its budget covers."),
                        cancellationToken);
                    continue;
                }

                await copy.ArmAsync(from.Run, record.Run, found, cancellationToken);
                // Read from the copy, whose names are the new run's own.
                var ended = await points.EndsAsync(record.Run, arm.Name, seed, cancellationToken);
                var begun = found.Begun is { } at
                    ? (await points.CheckpointsAsync(record.Run, arm.Name, seed, cancellationToken))
                        .Last(point => (point.Stage, point.Attempt, point.Progress.Updates) == (at.Stage, at.Attempt, at.Progress.Updates))
                    : null;
                resumes.Add(found with { Ended = ended, Begun = begun });
                await incidents.TellAsync(record.Run, Told(from, found), cancellationToken);
            }
        }

        // A purge deletes the plan last: what was copied beside one may be half of what there was.
        await EnsureThereAsync(record.Run, from.Run, cancellationToken);
        await blobs.WriteAsync(
            StorageNames.RunsContainer, Blob(record.Run), resumes, OrchestrationsJson.Default.IReadOnlyListArmResume, cancellationToken);
        return resumes;
    }

    private async Task EnsureThereAsync(string run, string from, CancellationToken cancellationToken)
    {
        if (!await blobs.Blob(StorageNames.RunsContainer, StorageNames.Plan(from)).ExistsAsync(cancellationToken))
            throw new InvalidDataException($"Expected run {from}, which {run} goes on from; it was purged. Submit the plan as a run of its own.");
    }

    private async Task<ArmResume?> FindAsync(PlanRecord record, RunOrigin from, ArmPlan arm, int seed, CancellationToken cancellationToken)
    {
        var ends = await points.EndsAsync(from.Run, arm.Name, seed, cancellationToken);
        var checkpoints = await points.CheckpointsAsync(from.Run, arm.Name, seed, cancellationToken);
        if (from.Retry && ends.Count > 0 && !IsToDo(ends[^1].Progress) && checkpoints.All(point => Order(point).CompareTo(Order(ends[^1])) <= 0))
            return new(arm.Name, seed, ends, null);

        // The newest whole checkpoint that is asked for, of the attempt that failed or of any for a fork.
        var failed = from.Retry && ends.Count > 0 && IsToDo(ends[^1].Progress) ? ends[^1] : null;
        foreach (var point in checkpoints.Reverse())
        {
            var wanted = from.Retry
                ? failed is null || Order(point) == Order(failed)
                : (from.Stage is not { } stage || point.Stage == stage) && (from.Updates is not { } updates || point.Progress.Updates == updates)
                    && IsCovered(record.Plan.Budget.Of(arm), arm, ends, point, isAsked: from.Stage is not null);
            if (!wanted)
                continue;
            if (await check.FaultAsync(point.Progress.State, cancellationToken) is { } fault)
            {
                await incidents.TellAsync(record.Run, $"The checkpoint {point.Progress.State.Folder} is not gone on from: {fault}", cancellationToken);
                continue;
            }

            return new(arm.Name, seed, [.. ends.Where(end => Order(end).CompareTo(Order(point)) < 0)], point);
        }

        IReadOnlyList<StageEnding> done = failed is null ? [] : [.. ends.Where(end => Order(end).CompareTo(Order(failed)) < 0)];
        return from.Retry && done.Count > 0 ? new(arm.Name, seed, done, null) : null;
    }

    /// <summary>Whether a plan's budget allows what was spent up to a checkpoint: no arm goes on from more training than it may have.</summary>
    /// <param name="isAsked">Whether its stage was asked for.</param>
    internal static bool IsCovered(BudgetPlan budget, ArmPlan arm, IReadOnlyList<StageEnding> ends, StageEnding point, bool isAsked)
    {
        if (point.Stage >= arm.Stages.Count)
            return false;
        // Attempts at the same stage that were rolled back are in what the checkpoint itself has spent.
        var before = ends.Where(end => Order(end).CompareTo(Order(point)) < 0 && !(end.Stage == point.Stage && end.Progress.RollBackTo is not null));
        var left = budget.Amount - before.Sum(end => end.Progress.Spent(budget.Unit));
        // A stage's last iteration goes beyond its share, so that its end would never be covered by it: who asks for the end takes it as it is.
        var isEnd = isAsked && ends.Any(end => Order(end) == Order(point) && end.Progress.Updates == point.Progress.Updates);
        return point.Progress.SpentInAll(budget.Unit) <= (isEnd ? left : Math.Min(left, (long)Math.Round(budget.Amount * arm.Stages[point.Stage].Share)));
    }

    /// <summary>Failed, or stopped before its time: a retry does it again.</summary>
    private static bool IsToDo(StageProgress progress) => progress.Outcome is StageOutcome.Failed or StageOutcome.StoppedByCap or StageOutcome.Canceled;

    private static (int Stage, int Attempt) Order(StageEnding ending) => (ending.Stage, ending.Attempt);

    private static string Told(RunOrigin from, ArmResume resume) => resume.Begun is { } begun
        ? FormattableString.Invariant($"Arm {resume.Arm} seed {resume.Seed} goes on from the checkpoint of run {from.Run} after {begun.Progress.Updates} updates of stage {begun.Stage}.")
        : FormattableString.Invariant($"Arm {resume.Arm} seed {resume.Seed} takes over {resume.Ended.Count} ended stages of run {from.Run}.");
}
