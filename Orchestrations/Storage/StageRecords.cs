using System.Text.Json;
using Curriculum.Api;
using Curriculum.Plans;
using Curriculum.Training;
using Curriculum.Work;

namespace Orchestrations.Storage;

/// <summary>What a stage leaves behind for people and for the verdict: iteration records, validations, progress.</summary>
public sealed class StageRecords(JsonBlobs blobs, FrozenRun frozen, TimeProvider clock)
{
    /// <summary>Stores iterations that ended together, under the first; what an iteration of a later name says of one of them counts.</summary>
    public Task WriteIterationsAsync(StageKey stage, IReadOnlyList<IterationRecord> records, CancellationToken cancellationToken) =>
        WriteLinesAsync(IterationRecord.Blob(stage, records[0].Iteration), records, cancellationToken);

    /// <summary>All of the stage's iterations in one blob, from which they are read at once.</summary>
    public async Task WriteLinesAsync(StageKey stage, CancellationToken cancellationToken) =>
        await WriteLinesAsync(IterationRecord.Lines(stage), await ReadRecordsAsync(stage, cancellationToken), cancellationToken);

    /// <summary>An attempt's iterations in their order: one request once it has ended.</summary>
    public async Task<IReadOnlyList<IterationRecord>> ReadIterationsAsync(StageKey stage, CancellationToken cancellationToken)
    {
        return await blobs.FindBytesAsync(StorageNames.RunsContainer, IterationRecord.Lines(stage), cancellationToken) is { } lines
            ? await ReadLinesAsync(lines, cancellationToken)
            : await ReadRecordsAsync(stage, cancellationToken);
    }

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

    private async Task<IReadOnlyList<IterationRecord>> ReadRecordsAsync(StageKey stage, CancellationToken cancellationToken)
    {
        var records = new SortedDictionary<int, IterationRecord>();
        foreach (var lines in await blobs.ReadAllBytesAsync(StorageNames.RunsContainer, IterationRecord.Prefix(stage), cancellationToken))
        {
            foreach (var record in await ReadLinesAsync(lines, cancellationToken))
                records[record.Iteration] = record;
        }

        return [.. records.Values];
    }

    private Task WriteLinesAsync(string name, IReadOnlyList<IterationRecord> records, CancellationToken cancellationToken)
    {
        using var lines = new MemoryStream();
        foreach (var record in records)
        {
            lines.Write(JsonSerializer.SerializeToUtf8Bytes(record, TrainingJson.Default.IterationRecord));
            lines.WriteByte((byte)'\n');
        }

        return blobs.WriteAsync(StorageNames.RunsContainer, name, lines.ToArray(), "application/jsonl", cancellationToken);
    }

    private static async Task<IReadOnlyList<IterationRecord>> ReadLinesAsync(BinaryData lines, CancellationToken cancellationToken)
    {
        var records = new List<IterationRecord>();
        await foreach (var record in JsonSerializer.DeserializeAsyncEnumerable(lines.ToStream(), TrainingJson.Default.IterationRecord, topLevelValues: true, cancellationToken))
            records.Add(record!);
        return records;
    }
}
