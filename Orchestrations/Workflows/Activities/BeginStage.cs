using Curriculum.Plans;
using Curriculum.Work;
using Microsoft.Azure.Functions.Worker;
using Orchestrations.Storage;

namespace Orchestrations.Workflows.Activities;

/// <summary>Begins an attempt at a stage: its first state is the first that a guard may roll back to, and is validated where a guard compares with it.</summary>
/// <remarks>A state that the arm validated already, as the end of the stage before, is not evaluated again.</remarks>
public sealed class BeginStage(FrozenRun frozen, StageRecords records, Checkpoints checkpoints, WorkDispatch dispatch)
{
    [Function(nameof(BeginStage))]
    public async Task<CompletedIteration> Run([ActivityTrigger] BeginStageInput input, CancellationToken cancellationToken)
    {
        var progress = input.Progress with { Started = true, Kept = [new(input.Progress.State, 0, 0)] };
        if (!Compares((await frozen.StageAsync(input.Stage, cancellationToken)).Guards))
            return new(progress, null, []);

        var key = input.Stage;
        var validated = await records.ReadValidationsAsync(key.Run, key.Arm, key.Seed, cancellationToken);
        if (validated.FirstOrDefault(point => point.State == progress.State) is { } known)
            return new(progress, known.Item, []);
        var validation = await checkpoints.ValidateAsync(key, progress, progress.State, cancellationToken);
        return new(progress, validation.Id, await dispatch.SendAsync([validation], input.Instance, cancellationToken));
    }

    private static bool Compares(GuardsPlan guards) => new[]
    {
        guards.LengthCollapse.Action, guards.NgramRepetition.Action, guards.BlockRepetition.Action, guards.SkippedComputation.Action, guards.Regression.Action,
    }.Any(action => action != GuardAction.Off);
}

/// <summary>Input of <see cref="BeginStage"/>.</summary>
public sealed record BeginStageInput(StageKey Stage, string Instance, StageProgress Progress);
