using Curriculum.Stages;
using Curriculum.Work;
using Microsoft.Azure.Functions.Worker;
using Orchestrations.Storage;

namespace Orchestrations.Workflows.Activities;

/// <summary>Stores what a checkpoint reached on the validation set.</summary>
public sealed class RecordValidation(JsonBlobs blobs, FrozenRun frozen, StageRecords records, WorkDispatch dispatch)
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
        var validated = ValidatedCheckpoint.Of(input.Stage, input.Progress, item.Policy, (EvaluateOutput)result.Output!, plan);
        await records.WriteValidationAsync(validated, input.Progress, cancellationToken);
        return input.Progress with { ValidationAccuracy = validated.Greedy };
    }
}

/// <summary>Input of <see cref="RecordValidation"/>.</summary>
public sealed record RecordValidationInput(StageKey Stage, StageProgress Progress, string Item);
