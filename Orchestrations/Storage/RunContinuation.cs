using Curriculum.Plans;
using Curriculum.Stages;
using Curriculum.Training;
using Curriculum.Work;

namespace Orchestrations.Storage;

/// <summary>Finds, for every arm and seed of a run that goes on from another, what it takes over, and copies it.</summary>
public sealed class RunContinuation(JsonBlobs blobs, StageStates states, StateCheck check, RunCopy copy, Incidents incidents)
{
    /// <summary>Stored once all is copied: from then on nothing of the run that it came from is needed.</summary>
    public static string Blob(string run) => $"{run}/continuation.json";

    /// <summary>Copies what the run goes on from; nothing for one that begins with its base.</summary>
    public async Task PrepareAsync(PlanRecord record, CancellationToken cancellationToken)
    {
        if (record.From is not { } from)
            return;
        // Found once: what it was copied from may be gone when this is tried again.
        if (await blobs.ExistsAsync(StorageNames.RunsContainer, Blob(record.Run), cancellationToken))
            return;
        await EnsureThereAsync(record.Run, from.Run, cancellationToken);
        await copy.CommonAsync(RunId.Parse(from.Run), record.Run, cancellationToken);
        foreach (var arm in record.Plan.Arms.Where(arm => arm.Stages.Count > 0))
        {
            foreach (var seed in record.Plan.Seeds)
                await PrepareAsync(record, from, arm, seed, cancellationToken);
        }

        // A purge deletes the plan last: what was copied beside one may be half of what there was.
        await EnsureThereAsync(record.Run, from.Run, cancellationToken);
        await blobs.TryCreateAsync(
            StorageNames.RunsContainer, Blob(record.Run), new CopiedRun(RunId.Parse(from.Run)), StorageJson.Default.CopiedRun, cancellationToken);
    }

    private async Task PrepareAsync(PlanRecord record, RunOrigin from, ArmPlan arm, int seed, CancellationToken cancellationToken)
    {
        var (source, target) = (new ArmKey(RunId.Parse(from.Run), arm.Name, seed), new ArmKey(record.Run, arm.Name, seed));
        if (await FindAsync(record, from, arm, source, cancellationToken) is not { } found)
        {
            await incidents.TellAsync(
                record.Run,
                FormattableString.Invariant($"Arm {arm.Name} seed {seed} begins with the base: run {from.Run} has no whole checkpoint of it that is asked for and that its budget covers."),
                cancellationToken);
            return;
        }

        await copy.ArmAsync(source, record.Run, found, cancellationToken);
        if (found.Begun?.In(record.Run) is { } begun)
        {
            // It goes on under its own plan's budget.
            var next = ArmCourse.Of(target, record.Plan, begun.Start, [.. found.Ended.Select(end => end.In(record.Run))]).Next!;
            await states.TryStoreAsync(begun with { Step = 0, Phase = StagePhase.Iterate, Allowed = next.Allowed, Directive = new() }, cancellationToken);
        }

        await incidents.TellAsync(record.Run, Told(from, source, found), cancellationToken);
    }

    private async Task EnsureThereAsync(string run, string from, CancellationToken cancellationToken)
    {
        if (!await blobs.ExistsAsync(StorageNames.RunsContainer, StorageNames.Plan(from), cancellationToken))
            throw new InvalidDataException($"Expected run {from}, which {run} goes on from; it was purged. Submit the plan as a run of its own.");
    }

    private async Task<TakenOver?> FindAsync(PlanRecord record, RunOrigin from, ArmPlan arm, ArmKey source, CancellationToken cancellationToken)
    {
        var ends = await states.EndsAsync(source, cancellationToken);
        var checkpoints = await states.PointsAsync(source, cancellationToken);
        if (from.Retry && ends.Count > 0 && !IsToDo(ends[^1]) && checkpoints.All(point => Order(point).CompareTo(Order(ends[^1])) <= 0))
            return new(ends, null);

        // The newest whole checkpoint that is asked for, of the attempt that failed or of any for a fork.
        var failed = from.Retry && ends.Count > 0 && IsToDo(ends[^1]) ? ends[^1] : null;
        foreach (var point in checkpoints.Reverse())
        {
            var wanted = from.Retry
                ? failed is null || point.Key == failed.Key
                : (from.Stage is not { } stage || point.Key.Stage == stage) && (from.Updates is not { } updates || point.Ledger.Updates == updates)
                    && IsCovered(record.Plan.Budget.Of(arm), arm, ends, point, isAsked: from.Stage is not null);
            if (!wanted)
                continue;
            if (await check.FaultAsync(point.Policy, cancellationToken) is { } fault)
            {
                await incidents.TellAsync(record.Run, $"The checkpoint {point.Policy.Folder} is not gone on from: {fault}", cancellationToken);
                continue;
            }

            return new([.. ends.Where(end => Order(end).CompareTo(Order(point)) < 0)], point);
        }

        IReadOnlyList<StageState> done = failed is null ? [] : [.. ends.Where(end => Order(end).CompareTo(Order(failed)) < 0)];
        return from.Retry && done.Count > 0 ? new(done, null) : null;
    }

    /// <summary>Whether a plan's budget allows what was spent up to a checkpoint: no arm goes on from more training than it may have.</summary>
    /// <param name="isAsked">Whether its stage was asked for.</param>
    internal static bool IsCovered(BudgetPlan budget, ArmPlan arm, IReadOnlyList<StageState> ends, StageState point, bool isAsked)
    {
        if (point.Key.Stage >= arm.Stages.Count)
            return false;
        // Attempts at the same stage that were rolled back are in what the checkpoint itself has spent.
        var before = ends.Where(end => Order(end).CompareTo(Order(point)) < 0 && !(end.Key.Stage == point.Key.Stage && end.RollBackTo is not null));
        var left = budget.Amount - before.Sum(end => end.Ledger.Spent(budget.Unit));
        // A stage's last iteration goes beyond its share, so that its end would never be covered by it: who asks for the end takes it as it is.
        var isEnd = isAsked && ends.Any(end => end.Key == point.Key && end.Ledger.Updates == point.Ledger.Updates);
        return point.Ledger.SpentInAll(budget.Unit) <= (isEnd ? left : Math.Min(left, (long)Math.Round(budget.Amount * arm.Stages[point.Key.Stage].Share)));
    }

    /// <summary>Failed, or stopped before its time: a retry does it again.</summary>
    private static bool IsToDo(StageState ended) => ended.Outcome is StageOutcome.Failed or StageOutcome.StoppedByCap or StageOutcome.Canceled;

    private static (int Stage, int Attempt) Order(StageState state) => (state.Key.Stage, state.Key.Attempt);

    private static string Told(RunOrigin from, ArmKey arm, TakenOver found) => found.Begun is { } begun
        ? FormattableString.Invariant($"Arm {arm.Arm} seed {arm.Seed} goes on from the checkpoint of run {from.Run} after {begun.Ledger.Updates} updates of stage {begun.Key.Stage}.")
        : FormattableString.Invariant($"Arm {arm.Arm} seed {arm.Seed} takes over {found.Ended.Count} ended stages of run {from.Run}.");
}

/// <summary>What an arm under one seed takes over from another run.</summary>
/// <param name="Ended">Attempts that are not run again: gates and roll-backs follow from them as they did.</param>
/// <param name="Begun">The attempt that goes on from a checkpoint; null where the next one begins anew.</param>
public sealed record TakenOver(IReadOnlyList<StageState> Ended, StageState? Begun);

/// <summary>The mark of a run that has copied what it goes on from.</summary>
public sealed record CopiedRun(RunId From);
