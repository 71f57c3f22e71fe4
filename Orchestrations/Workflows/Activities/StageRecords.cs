using System.Text.Json;
using Curriculum.Guards;
using Curriculum.Plans;
using Curriculum.Stages;
using Curriculum.Work;
using Orchestrations.Storage;

namespace Orchestrations.Workflows.Activities;

/// <summary>What a stage leaves behind for people and for the verdict: iteration records, validations, progress.</summary>
public sealed class StageRecords(JsonBlobs blobs, FrozenRun frozen, TimeProvider clock)
{
    public async Task WriteIterationAsync(
        CompleteIterationInput input, StageProgress progress, WorkResult result, IReadOnlyList<GuardAlarm> alarms, CancellationToken cancellationToken)
    {
        var output = (UpdateOutput)result.Output!;
        var (stage, admitted) = (input.Stage, input.Admitted);
        var record = new IterationRecord
        {
            Stage = stage.Stage,
            Attempt = stage.Attempt,
            Iteration = input.Progress.Iteration,
            Updates = progress.Updates,
            Compute = progress.Spent(BudgetUnit.Compute),
            GroupsSampled = admitted?.GroupsSampled,
            GroupsAdmitted = admitted?.GroupsAdmitted,
            MeanReward = admitted?.Yield?.MeanReward,
            WellFormed = admitted?.Yield?.WellFormedShare,
            MeanTokens = admitted?.MeanTokens,
            Rounds = admitted?.Rounds,
            Loss = output.Loss,
            Entropy = output.Entropy,
            GradientNorm = output.GradientNorm,
            ClipFraction = output.ClipFraction,
            Divergence = output.Divergence,
            ValueError = output.ValueError,
            Fingerprint = result.Fingerprint,
            RolloutItems = admitted?.RolloutItems ?? 0,
            RolloutTokens = admitted?.ForwardTokens ?? 0,
            RolloutSeconds = admitted?.Seconds ?? 0,
            TrainedTokens = output.TrainedTokens,
            UpdateSeconds = result.Timing.Seconds,
            Text = admitted?.Text,
            LoneSuccesses = admitted?.Yield?.LoneSuccesses,
            Quarantined = admitted?.Yield?.Quarantined,
            Alarms = alarms.Count > 0 ? alarms : null,
        };
        await blobs.WriteAsync(
            StorageNames.RunsContainer, IterationRecord.Blob(stage, record.Iteration), record, OrchestrationsJson.Default.IterationRecord, cancellationToken);
        var seconds = record.RolloutSeconds + record.UpdateSeconds;
        await WriteProgressAsync(
            stage,
            progress,
            shown => shown with
            {
                MeanReward = record.MeanReward,
                UsefulGroups = admitted is { GroupsSampled: > 0 } ? admitted.GroupsAdmitted / (double)admitted.GroupsSampled : null,
                TokensPerSecond = seconds > 0 ? (record.RolloutTokens + record.TrainedTokens) / seconds : null,
                Loss = record.Loss,
            },
            cancellationToken);
    }

    /// <summary>Adds the alarms that a validation set off to the record of the iteration before it; the stage's start has none.</summary>
    public async Task AddAlarmsAsync(StageKey stage, StageProgress progress, IReadOnlyList<GuardAlarm> alarms, CancellationToken cancellationToken)
    {
        var name = IterationRecord.Blob(stage, progress.Iteration - 1);
        if (await blobs.FindAsync(StorageNames.RunsContainer, name, OrchestrationsJson.Default.IterationRecord, cancellationToken) is not { } record)
            return;
        // Said again by a second try of the same activity, an alarm is still one.
        GuardAlarm[] all = [.. record.Alarms ?? [], .. alarms.Where(alarm => record.Alarms?.Contains(alarm) != true)];
        await blobs.WriteAsync(
            StorageNames.RunsContainer, name, record with { Alarms = all }, OrchestrationsJson.Default.IterationRecord, cancellationToken);
        if (progress.Outcome is not null)
            await WriteEndAsync(stage, progress, cancellationToken);
    }

    /// <summary>The stage's iterations as JSON Lines, and its outcome in the progress.</summary>
    public async Task WriteEndAsync(StageKey stage, StageProgress progress, CancellationToken cancellationToken)
    {
        using var lines = new MemoryStream();
        foreach (var record in await ReadIterationsAsync(stage, cancellationToken))
        {
            lines.Write(JsonSerializer.SerializeToUtf8Bytes(record, OrchestrationsJson.Default.IterationRecord));
            lines.WriteByte((byte)'\n');
        }

        await blobs.WriteAsync(
            StorageNames.RunsContainer, IterationRecord.Lines(stage), lines.ToArray(), "application/jsonl", cancellationToken);
        await WriteProgressAsync(stage, progress, shown => shown, cancellationToken);
    }

    public async Task<IReadOnlyList<IterationRecord>> ReadIterationsAsync(StageKey stage, CancellationToken cancellationToken)
    {
        var records = new List<IterationRecord>();
        foreach (var name in await blobs.ListAsync(StorageNames.RunsContainer, IterationRecord.Prefix(stage), cancellationToken))
        {
            records.Add(await blobs.ReadAsync(
                StorageNames.RunsContainer, name, OrchestrationsJson.Default.IterationRecord, cancellationToken));
        }

        return records;
    }

    public async Task WriteValidationAsync(ValidatedCheckpoint validated, StageProgress progress, CancellationToken cancellationToken)
    {
        await blobs.WriteAsync(
            StorageNames.RunsContainer, validated.Blob, validated, OrchestrationsJson.Default.ValidatedCheckpoint, cancellationToken);
        await WriteProgressAsync(
            validated.Stage, progress, shown => shown with { ValidationAccuracy = validated.Greedy }, cancellationToken);
    }

    public async Task<IReadOnlyList<ValidatedCheckpoint>> ReadValidationsAsync(
        string run, string arm, int seed, CancellationToken cancellationToken)
    {
        var read = new List<ValidatedCheckpoint>();
        foreach (var name in await blobs.ListAsync(StorageNames.RunsContainer, ValidatedCheckpoint.Prefix(run, arm, seed), cancellationToken))
        {
            read.Add(await blobs.ReadAsync(
                StorageNames.RunsContainer, name, OrchestrationsJson.Default.ValidatedCheckpoint, cancellationToken));
        }

        return [.. read.OrderBy(point => point.Stage.Stage).ThenBy(point => point.Stage.Attempt).ThenBy(point => point.Updates)];
    }

    private async Task WriteProgressAsync(
        StageKey stage, StageProgress progress, Func<ArmProgress, ArmProgress> change, CancellationToken cancellationToken)
    {
        var plan = await frozen.PlanAsync(stage.Run, cancellationToken);
        var arm = plan.Arms.Single(arm => arm.Name == stage.Arm);
        var (stages, budget) = (arm.Stages, plan.Budget.Of(arm));
        var name = ProgressBlobs.Of(stage.Run, stage.Arm, stage.Seed);
        var shown = await blobs.FindAsync(StorageNames.RunsContainer, name, OrchestrationsJson.Default.ArmProgress, cancellationToken)
            ?? new() { Arm = stage.Arm, Seed = stage.Seed };
        var earlier = stages.Take(stage.Stage).Sum(earlierStage => earlierStage.Share) * budget.Amount;
        shown = change(shown with
        {
            Stage = stage.Stage,
            Stages = stages.Count,
            Method = stages[stage.Stage].Method,
            Attempt = stage.Attempt,
            Iteration = progress.Iteration,
            Updates = progress.Updates,
            Spent = (long)earlier + progress.SpentInAll(budget.Unit),
            Budget = budget.Amount,
            Outcome = progress.Outcome,
            Reason = progress.Reason,
            UpdatedAt = clock.GetUtcNow(),
        });
        await blobs.WriteAsync(StorageNames.RunsContainer, name, shown, OrchestrationsJson.Default.ArmProgress, cancellationToken);
    }
}
