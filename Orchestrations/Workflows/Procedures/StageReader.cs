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

    public async Task<StageReadings> ReadAsync(StageState state, CancellationToken cancellationToken) => new()
    {
        Profile = state.Profile is { } profile
            ? await frozen.ReadAsync(state.Key.Run, profile.Blob, TrainingJson.Default.DifficultyProfile, cancellationToken)
            : null,
        Gathered = state is { Phase: StagePhase.Sample, Gathered: { } gathered }
            ? await blobs.ReadAsync(StorageNames.RunsContainer, gathered, CurriculumJson.Default.UpdateBatch, cancellationToken)
            : null,
        Best = state is { Phase: StagePhase.Validate, Guards.BestValidation: { } best }
            ? await blobs.ReadAsync(StorageNames.RunsContainer, best, TrainingJson.Default.ValidatedCheckpoint, cancellationToken)
            : null,
        Known = state.Phase == StagePhase.Begin
            ? (await records.ReadValidationsAsync(state.Key.Of, cancellationToken)).FirstOrDefault(point => point.State == state.Policy)
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
