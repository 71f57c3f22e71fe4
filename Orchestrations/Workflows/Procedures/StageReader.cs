using Curriculum.Plans;
using Curriculum.Training;
using Curriculum.Work;
using Orchestrations.Storage;

namespace Orchestrations.Workflows.Procedures;

/// <summary>Reads what a stage goes by: its setting, and what a step reads beside its results.</summary>
public sealed class StageReader(JsonBlobs blobs, FrozenRun frozen, StageRecords records, StateCheck check)
{
    public async Task<StageSetting> SettingAsync(StageKey stage, CancellationToken cancellationToken)
    {
        var plan = await frozen.PlanAsync(stage.Run, cancellationToken);
        var stagePlan = plan.Arms.Single(arm => arm.Name == stage.Arm).Stages[stage.Stage];
        var training = await frozen.PoolAsync(stage.Run, FrozenRun.TrainingPool, cancellationToken);
        var labels = stagePlan is SampledStagePlan { Reward: var reward } && reward.NeedsLabels()
            ? TrainingPool.Labels(training, await frozen.VotesAsync(stage.Run, cancellationToken), reward.Votes)
            : null;
        return new()
        {
            Run = plan,
            Key = stage,
            Pool = TrainingPool.Of(stagePlan, training, labels),
            Validation = await frozen.PoolAsync(stage.Run, FrozenRun.ValidationPool, cancellationToken),
            Labels = labels,
        };
    }

    /// <summary>The work item that does a colocated stage's next iterations; its inputs are stored.</summary>
    public async Task<ColocatedItem> ShareAsync(StageSetting setting, StageState state, StageReadings read, CancellationToken cancellationToken)
    {
        var run = state.Key.Run;
        var name = $"{StorageNames.Iterations(state.Key)}/setting.json";
        var stored = await frozen.RememberAsync(
            run, name, () => blobs.FreezeAsync(StorageNames.RunsContainer, name, setting, TrainingJson.Default.StageSetting, cancellationToken), cancellationToken);
        var task = FormattableString.Invariant($"{StorageNames.Iterations(state.Key)}/tasks/{state.Step:D7}.json");
        return ColocatedTask.Item(
            state, stored, await blobs.FreezeAsync(StorageNames.RunsContainer, task, ColocatedTask.Of(state, read), TrainingJson.Default.ColocatedTask, cancellationToken));
    }

    /// <summary>What a worker's iterations came to.</summary>
    public async Task<StageStep> DoneAsync(ColocatedOutput output, CancellationToken cancellationToken) =>
        await blobs.ReadVerifiedAsync(output.Done, TrainingJson.Default.StageStep, cancellationToken);

    public async Task<StageReadings> ReadAsync(StageState state, CancellationToken cancellationToken) => new()
    {
        Profile = state.Profile is { } profile
            ? await frozen.ReadAsync(state.Key.Run, profile.Blob, TrainingJson.Default.DifficultyProfile, cancellationToken)
            : null,
        Gathered = state is { Phase: StagePhase.Sample or StagePhase.Iterate, Gathered: { } gathered }
            ? await blobs.ReadAsync(StorageNames.RunsContainer, gathered, CurriculumJson.Default.UpdateBatch, cancellationToken)
            : null,
        Best = state is { Phase: StagePhase.Validate or StagePhase.Iterate, Guards.BestValidation: { } best }
            ? await frozen.ReadAsync(state.Key.Run, best, TrainingJson.Default.ValidatedCheckpoint, cancellationToken)
            : null,
        // By another attempt: what the stage itself finds of its start is no reading of its first step, however late that is taken.
        Known = state.Phase == StagePhase.Begin
            ? (await records.ReadValidationsAsync(state.Key.Of, cancellationToken)).FirstOrDefault(point => point.Stage != state.Key && point.State == state.Policy)
            : null,
        Faults = state.Phase == StagePhase.Inspect ? await FaultsAsync(state, cancellationToken) : new Dictionary<StateRef, string?>(),
    };

    private async Task<IReadOnlyDictionary<StateRef, string?>> FaultsAsync(StageState state, CancellationToken cancellationToken)
    {
        var faults = new Dictionary<StateRef, string?>();
        foreach (var one in state.Kept.Select(kept => kept.State).Append(state.Policy).Distinct())
            faults[one] = await check.FaultAsync(one, cancellationToken);
        return faults;
    }
}
