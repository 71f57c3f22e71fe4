using Curriculum.Guards;
using Curriculum.Work;
using Microsoft.Azure.Functions.Worker;
using Orchestrations.Storage;

namespace Orchestrations.Workflows.Activities;

/// <summary>Ends an iteration: reads the new state, records the metrics, keeps a checkpoint where one is due, lets old states go.</summary>
public sealed class CompleteIteration(FrozenRun frozen, StageRecords records, StateFolders states, Checkpoints checkpoints, RunUsage usage, WorkDispatch dispatch)
{
    [Function(nameof(CompleteIteration))]
    public async Task<CompletedIteration> Run([ActivityTrigger] CompleteIterationInput input, CancellationToken cancellationToken)
    {
        var result = await dispatch.ReadResultAsync(input.Update, cancellationToken);
        var stage = await frozen.StageAsync(input.Stage, cancellationToken);
        var before = input.Progress;
        if (result.Failure is { } failure)
        {
            if (failure.Kind == "non-finite")
                return new(RollBacks.Act(before, stage.Guards, NonFiniteGuards.OnFailure(stage.Guards, before.Guards, failure.Message, input.Stage.Attempt, before.Iteration)), null, []);
            var end = StageFailure.Of(input.Update, failure);
            return new(before.End(end.Outcome, end.Reason), null, []);
        }

        var output = (UpdateOutput)result.Output!;
        var batches = input.Admitted?.Batches ?? stage.BatchesPerItem;
        var progress = before with
        {
            State = output.State,
            Iteration = before.Iteration + 1,
            Updates = before.Updates + batches,
            TrainedTokens = before.TrainedTokens + output.TrainedTokens,
            Seconds = before.Seconds + result.Timing.Seconds,
        };
        var judged = TextGuards.OnIteration(stage.Guards, before.Guards, input.Admitted?.Text, input.Stage.Attempt, before.Iteration);
        await records.WriteIterationAsync(input, progress, result, judged.Alarms, cancellationToken);
        progress = RollBacks.Act(progress, stage.Guards, judged);
        await usage.WriteAsync(input.Stage, progress, cancellationToken);
        await states.ReleaseAsync(input.Stage, progress.Updates, batches, cancellationToken);

        // Due when a multiple of checkpointEvery was passed, also where an item takes several batches.
        if (progress.Outcome is not null || progress.Updates / stage.CheckpointEvery == before.Updates / stage.CheckpointEvery)
            return new(progress, null, []);
        var validation = await checkpoints.KeepAsync(input.Stage, progress, cancellationToken);
        progress = RollBacks.Keep(progress, new(validation.Policy, progress.Updates, progress.Iteration), stage.Guards.Window);
        return new(progress, validation.Id, await dispatch.SendAsync([validation], input.Instance, cancellationToken));
    }
}

/// <summary>Input of <see cref="CompleteIteration"/>.</summary>
public sealed record CompleteIterationInput(
    StageKey Stage, string Instance, StageProgress Progress, string Update, AdmittedGroups? Admitted);

/// <summary>The progress after an iteration, and the validation that was sent, if one was.</summary>
public sealed record CompletedIteration(StageProgress Progress, string? Validation, IReadOnlyList<string> Waiting);
