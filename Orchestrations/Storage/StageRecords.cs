using Curriculum.Api;
using Curriculum.Plans;
using Curriculum.Training;
using Curriculum.Work;

namespace Orchestrations.Storage;

/// <summary>What a stage leaves behind for people and for the verdict beside its iterations: validations, progress.</summary>
public sealed class StageRecords(JsonBlobs blobs, FrozenRun frozen, TimeProvider clock)
{
    public Task WriteValidationAsync(ValidatedCheckpoint validated, CancellationToken cancellationToken) => blobs.WriteAsync(
        StorageNames.RunsContainer, validated.Blob, validated, TrainingJson.Default.ValidatedCheckpoint, cancellationToken);

    /// <summary>An arm's validations by stage, attempt and updates.</summary>
    public Task<IReadOnlyList<ValidatedCheckpoint>> ReadValidationsAsync(ArmKey arm, CancellationToken cancellationToken) => blobs.ReadAllAsync(
        StorageNames.RunsContainer, ValidatedCheckpoint.Prefix(arm), TrainingJson.Default.ValidatedCheckpoint, cancellationToken);

    /// <summary>Stores where the arm stands, for people and for the caps.</summary>
    public async Task WriteProgressAsync(StageState state, CancellationToken cancellationToken) => await blobs.WriteAsync(
        StorageNames.RunsContainer,
        ProgressBlobs.Of(state.Key.Of),
        Progress(state, await frozen.PlanAsync(state.Key.Run, cancellationToken), clock.GetUtcNow()),
        StorageJson.Default.ArmProgress,
        cancellationToken);

    private static ArmProgress Progress(StageState state, RunPlan plan, DateTimeOffset now)
    {
        var arm = plan.Arms.Single(arm => arm.Name == state.Key.Arm);
        var (budget, newest) = (plan.Budget.Of(arm), state.Newest);
        var seconds = newest is null ? 0 : newest.RolloutSeconds + newest.UpdateSeconds;
        return new()
        {
            Arm = state.Key.Arm,
            Seed = state.Key.Seed,
            Stage = state.Key.Stage,
            Stages = arm.Stages.Count,
            Method = arm.Stages[state.Key.Stage].Method,
            Attempt = state.Key.Attempt,
            Iteration = state.Iteration,
            Updates = state.Ledger.Updates,
            Spent = (long)(arm.Stages.Take(state.Key.Stage).Sum(earlier => earlier.Share) * budget.Amount) + state.Ledger.SpentInAll(budget.Unit),
            Budget = budget.Amount,
            MeanReward = newest?.MeanReward,
            UsefulGroups = newest is { GroupsSampled: > 0 } ? newest.GroupsAdmitted / (double)newest.GroupsSampled : null,
            Loss = newest?.Loss,
            ValidationAccuracy = state.ValidationAccuracy,
            TokensPerSecond = seconds > 0 ? (newest!.RolloutTokens + newest.TrainedTokens) / seconds : null,
            Outcome = state.Outcome,
            Reason = state.Reason,
            Usage = state.ArmUsage,
            UpdatedAt = now,
        };
    }
}
