using Curriculum.Stages;
using Microsoft.Azure.Functions.Worker;
using Orchestrations.Storage;

namespace Orchestrations.Workflows.Activities;

/// <summary>Ends a stage: its last state becomes a checkpoint, whatever the outcome, and its record is written.</summary>
public sealed class FinishStage(
    StageRecords records, Checkpoints checkpoints, StateFolders states, StateCheck check, Incidents incidents, RunUsage usage, WorkDispatch dispatch)
{
    [Function(nameof(FinishStage))]
    public async Task<CompletedIteration> Run([ActivityTrigger] FinishStageInput input, CancellationToken cancellationToken)
    {
        var ended = input.Progress;
        // What an iteration without an update used up, since it starved or failed, counts too.
        await usage.WriteAsync(input.Stage, ended, cancellationToken);
        if (ended.Outcome == StageOutcome.Failed && await check.FaultAsync(ended.State, cancellationToken) is { } fault)
        {
            ended = await FromLastGoodAsync(input, fault, cancellationToken);
            await records.WriteEndAsync(input.Stage, ended, cancellationToken);
            return new(ended, null, []);
        }

        await records.WriteEndAsync(input.Stage, ended, cancellationToken);
        if (ended.Updates == 0)
            return new(ended, null, []);
        var validation = await checkpoints.KeepAsync(input.Stage, ended, cancellationToken);
        var progress = ended with { State = validation.Policy };
        await states.ReleaseAllAsync(input.Stage, cancellationToken);
        return new(progress, validation.Id, await dispatch.SendAsync([validation], input.Instance, cancellationToken));
    }

    /// <summary>A stage whose state is not what was written goes back to the newest of its checkpoints that is: as a guard's roll-back, under the same limit.</summary>
    private async Task<StageProgress> FromLastGoodAsync(FinishStageInput input, string fault, CancellationToken cancellationToken)
    {
        await incidents.TellAsync(input.Stage.Run, $"The state {input.Progress.State.Folder} is corrupt: {fault}", cancellationToken);
        foreach (var kept in input.Progress.Kept.Reverse())
        {
            if (await check.FaultAsync(kept.State, cancellationToken) is not { } also)
                return input.Progress with { RollBackTo = kept, Reason = $"{input.Progress.Reason} {fault}" };
            await incidents.TellAsync(input.Stage.Run, $"The checkpoint {kept.State.Folder} is corrupt too: {also}", cancellationToken);
        }

        return input.Progress with { Reason = $"{input.Progress.Reason} {fault} No earlier checkpoint of the stage is whole." };
    }
}

/// <summary>Input of <see cref="FinishStage"/>.</summary>
public sealed record FinishStageInput(StageKey Stage, string Instance, StageProgress Progress);
