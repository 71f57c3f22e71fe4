using Curriculum.Guards;
using Curriculum.Plans;
using Curriculum.Stages;
using Curriculum.Work;
using Microsoft.Azure.Functions.Worker;
using Orchestrations.Storage;

namespace Orchestrations.Workflows.Activities;

/// <summary>Stores what a checkpoint reached on the validation set.</summary>
public sealed class RecordValidation(JsonBlobs blobs, FrozenRun frozen, StageRecords records, RetainedCheckpoints retained, StagePoints points, WorkDispatch dispatch)
{
    [Function(nameof(RecordValidation))]
    public async Task<StageProgress> Run([ActivityTrigger] RecordValidationInput input, CancellationToken cancellationToken)
    {
        var result = await dispatch.ReadResultAsync(input.Item, cancellationToken);
        if (result.Failure is { } failure)
        {
            // A canceled validation leaves the outcome that the stage already has.
            var end = StageFailure.Of(input.Item, failure);
            return input.Progress.Outcome is null || end.Outcome == StageOutcome.Failed
                ? input.Progress.End(end.Outcome, end.Reason)
                : input.Progress;
        }

        var plan = await frozen.PlanAsync(input.Stage.Run, cancellationToken);
        var item = (EvaluateItem)await blobs.ReadAsync(
            StorageNames.WorkContainer, StorageNames.Item(input.Item), CurriculumJson.Default.WorkItem, cancellationToken);
        var output = (EvaluateOutput)result.Output!;
        var validated = ValidatedCheckpoint.Of(input.Stage, input.Progress, item, output, plan);
        await records.WriteValidationAsync(validated, input.Progress, cancellationToken);
        var progress = input.Progress with { ValidationAccuracy = validated.Greedy, ValidationPassAtK = validated.PassAtK };

        await retained.ApplyAsync(input.Stage, input.Progress, plan.Limits.KeepCheckpoints, cancellationToken);

        var guards = (await frozen.StageAsync(input.Stage, cancellationToken)).Guards;
        var judged = await JudgeAsync(input, guards, item, output, validated, cancellationToken);
        if (judged.Alarms.Count > 0)
            await records.AddAlarmsAsync(input.Stage, input.Progress, judged.Alarms, cancellationToken);
        var acted = RollBacks.Act(progress, guards, judged);
        // A stage's end is one too, where a fork may go on from it.
        if (acted is { Outcome: null or StageOutcome.Completed or StageOutcome.Starved, Updates: > 0 })
            await points.WriteCheckpointAsync(input.Stage, acted with { Outcome = null, Reason = null }, validated.State, cancellationToken);
        return acted;
    }

    private async Task<Judged> JudgeAsync(
        RecordValidationInput input, GuardsPlan guards, EvaluateItem item, EvaluateOutput output, ValidatedCheckpoint validated, CancellationToken cancellationToken)
    {
        var (attempt, iteration) = (input.Stage.Attempt, input.Progress.Iteration - 1);
        var texts = TextGuards.OnValidation(
            guards, input.Progress.Guards, TextFigures.Of(item.Problems, output.Answers), attempt, iteration);
        var best = texts.State.BestValidation is { } blob
            ? await blobs.ReadAsync(StorageNames.RunsContainer, blob, OrchestrationsJson.Default.ValidatedCheckpoint, cancellationToken)
            : null;
        var solved = RegressionGuards.OnValidation(guards, texts.State, best?.Solved, output.Answers, validated.Blob, attempt, iteration);
        return new(solved.State, [.. texts.Alarms, .. solved.Alarms]);
    }
}

/// <summary>Input of <see cref="RecordValidation"/>.</summary>
public sealed record RecordValidationInput(StageKey Stage, StageProgress Progress, string Item);
