using Curriculum.Work;
using Microsoft.Azure.Functions.Worker;
using Orchestrations.Storage;

namespace Orchestrations.Workflows.Activities;

/// <summary>Ends a stage: its last state becomes a checkpoint, whatever the outcome, and its record is written.</summary>
public sealed class FinishStage(StageRecords records, Checkpoints checkpoints, StateFolders states, WorkDispatch dispatch)
{
    [Function(nameof(FinishStage))]
    public async Task<CompletedIteration> Run([ActivityTrigger] FinishStageInput input, CancellationToken cancellationToken)
    {
        await records.WriteEndAsync(input.Stage, input.Progress, cancellationToken);
        if (input.Progress.Updates == 0)
            return new(input.Progress, null, []);
        var validation = await checkpoints.KeepAsync(input.Stage, input.Progress, cancellationToken);
        var progress = input.Progress with { State = validation.Policy };
        await states.ReleaseAllAsync(input.Stage, cancellationToken);
        return new(progress, validation.Id, await dispatch.SendAsync([validation], input.Instance, cancellationToken));
    }
}

/// <summary>Input of <see cref="FinishStage"/>.</summary>
public sealed record FinishStageInput(StageKey Stage, string Instance, StageProgress Progress);
