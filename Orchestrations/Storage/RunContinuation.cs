using Curriculum.Stages;
using Curriculum.Work;
using Orchestrations.Workflows;

namespace Orchestrations.Storage;

/// <summary>Finds, for every arm and seed of a run that goes on from another, what it takes over, and copies it.</summary>
public sealed class RunContinuation(StagePoints points, StateCheck check, RunCopy copy, Incidents incidents)
{
    public async Task<IReadOnlyList<ArmResume>> PrepareAsync(PlanRecord record, CancellationToken cancellationToken)
    {
        if (record.From is not { } from)
            return [];
        await copy.CommonAsync(from.Run, record.Run, cancellationToken);
        var resumes = new List<ArmResume>();
        foreach (var arm in record.Plan.Arms.Where(arm => arm.Stages.Count > 0))
        {
            foreach (var seed in record.Plan.Seeds)
            {
                if (await FindAsync(from, record.Run, arm.Name, seed, cancellationToken) is not { } found)
                    continue;
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

        return resumes;
    }

    private async Task<ArmResume?> FindAsync(RunOrigin from, string run, string arm, int seed, CancellationToken cancellationToken)
    {
        var ends = await points.EndsAsync(from.Run, arm, seed, cancellationToken);
        var checkpoints = await points.CheckpointsAsync(from.Run, arm, seed, cancellationToken);
        if (from.Retry && ends.Count > 0 && !IsToDo(ends[^1].Progress) && checkpoints.All(point => Order(point).CompareTo(Order(ends[^1])) <= 0))
            return new(arm, seed, ends, null);

        // The newest whole checkpoint that is asked for, of the attempt that failed or of any for a fork.
        var failed = from.Retry && ends.Count > 0 && IsToDo(ends[^1].Progress) ? ends[^1] : null;
        foreach (var point in checkpoints.Reverse())
        {
            var wanted = from.Retry
                ? failed is null || Order(point) == Order(failed)
                : (from.Stage is not { } stage || point.Stage == stage) && (from.Updates is not { } updates || point.Progress.Updates == updates);
            if (!wanted)
                continue;
            if (await check.FaultAsync(point.Progress.State, cancellationToken) is { } fault)
            {
                await incidents.TellAsync(run, $"The checkpoint {point.Progress.State.Folder} is not gone on from: {fault}", cancellationToken);
                continue;
            }

            return new(arm, seed, [.. ends.Where(end => Order(end).CompareTo(Order(point)) < 0)], point);
        }

        IReadOnlyList<StageEnding> done = failed is null ? [] : [.. ends.Where(end => Order(end).CompareTo(Order(failed)) < 0)];
        return from.Retry && done.Count > 0 ? new(arm, seed, done, null) : null;
    }

    /// <summary>Failed, or stopped before its time: a retry does it again.</summary>
    private static bool IsToDo(StageProgress progress) => progress.Outcome is StageOutcome.Failed or StageOutcome.StoppedByCap;

    private static (int Stage, int Attempt) Order(StageEnding ending) => (ending.Stage, ending.Attempt);

    private static string Told(RunOrigin from, ArmResume resume) => resume.Begun is { } begun
        ? FormattableString.Invariant($"Arm {resume.Arm} seed {resume.Seed} goes on from the checkpoint of run {from.Run} after {begun.Progress.Updates} updates of stage {begun.Stage}.")
        : FormattableString.Invariant($"Arm {resume.Arm} seed {resume.Seed} takes over {resume.Ended.Count} ended stages of run {from.Run}.");
}
