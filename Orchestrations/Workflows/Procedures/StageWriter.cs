using Curriculum.Training;
using Curriculum.Work;
using Orchestrations.Storage;

namespace Orchestrations.Workflows.Procedures;

/// <summary>Stores what a step leaves behind; done twice, it leaves the same.</summary>
public sealed class StageWriter(
    JsonBlobs blobs, FrozenRun frozen, StageStates states, IterationRecords iterations, StageRecords records, StateFolders folders, RolloutSamples samples, WorkDispatch dispatch, Incidents incidents)
{
    /// <summary>What has to be there before the next state is: batches, profiles, checkpoints, records.</summary>
    public async Task WriteAsync(StageState before, StageStep step, CancellationToken cancellationToken)
    {
        var run = step.State.Key.Run;
        foreach (var (name, batch) in step.Gathered)
            await blobs.FreezeAsync(StorageNames.RunsContainer, name, batch, CurriculumJson.Default.UpdateBatch, cancellationToken);
        foreach (var (name, profile) in step.Profiles)
            await blobs.FreezeAsync(StorageNames.RunsContainer, name, profile, TrainingJson.Default.DifficultyProfile, cancellationToken);
        foreach (var (state, folder) in step.Kept)
            await folders.PromoteAsync(state, folder, cancellationToken);
        if (step.Iterations.Count > 0)
            await iterations.WriteAsync(step.State.Key, step.Iterations, cancellationToken);
        foreach (var sample in step.Samples)
            await samples.WriteAsync(sample, cancellationToken);
        foreach (var (item, result) in step.Evaluated)
            await dispatch.StoreAsync(item, result, cancellationToken);
        foreach (var validation in step.Validations)
            await records.WriteValidationAsync(validation, cancellationToken);
        foreach (var point in step.Points)
            await states.WritePointAsync(point, cancellationToken);
        foreach (var incident in step.Incidents)
            await incidents.TellAsync(run, incident, cancellationToken);
        if (step.Iterations.Count > 0 || step.Validations.Count > 0 || step.Profiles.Count > 0 || before.Step == 0 || step.State.Outcome is not null)
            await records.WriteProgressAsync(step.State, cancellationToken);
    }

    /// <summary>Lets go of states that nothing reads any more, and of checkpoints that nothing needs.</summary>
    public async Task ReleaseAsync(StageStep step, CancellationToken cancellationToken)
    {
        foreach (var folder in step.Released)
            await folders.DeleteAsync(folder, cancellationToken);
        if (step.Validations.Count == 0)
            return;
        // Their validations stay: the curve needs no weights.
        var keep = (await frozen.PlanAsync(step.State.Key.Run, cancellationToken)).Limits.KeepCheckpoints;
        var trained = (await records.ReadValidationsAsync(step.State.Key.Of, cancellationToken)).Where(point => point.Updates > 0).ToList();
        foreach (var released in CheckpointRetention.Released(trained, keep, CheckpointRetention.Held(step.State)))
            await folders.DeleteAsync(released.State.Folder, cancellationToken);
    }

    /// <summary>Stores how an attempt ended: what the arm, its evaluation and a later run go on from.</summary>
    public async Task WriteEndAsync(StageState state, CancellationToken cancellationToken)
    {
        await iterations.CloseAsync(state.Key, cancellationToken);
        await records.WriteProgressAsync(state, cancellationToken);
        await states.WriteEndAsync(state, cancellationToken);
    }
}
